#pragma once

// Most of a trace is waiting: so many pieces of work are done side by side, each on a thread that outlives its lab.

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <vector>

namespace smtpath::test {

/// `work(i)` for each i below `count`. Throws what the first of them that failed threw, once all have ended.
template <class Work>
void side_by_side(std::size_t count, std::size_t at_once, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto work_on = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::future<void>> workers;
  for (std::size_t i = 0; i < std::min(count, at_once); ++i) workers.push_back(std::async(std::launch::async, work_on));
  for (const auto& worker : workers) worker.wait();
  for (auto& worker : workers) worker.get();
}

}  // namespace smtpath::test
