#pragma once

// Scenarios that were traced: each once in a network of its own, both families at a time, and judged again from the
// evidence. Most of a trace is waiting, so some scenarios run side by side while the tests look at those that are done.

#include <array>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "netns/program.h"
#include "smtpath/base/address.h"
#include "support/scenarios.h"

namespace smtpath::test {

struct Traced {
  io::LabOutcome live;
  io::LabOutcome replayed;
  /// Of each hop of port 25: its address at [ttl]; [0] is the client's.
  std::vector<std::string> addresses;
  std::string evidence;
};

class TracedScenarios {
 public:
  /// Starts on those scenarios at once.
  explicit TracedScenarios(std::vector<Scenario> scenarios);
  TracedScenarios(const TracedScenarios&) = delete;
  TracedScenarios& operator=(const TracedScenarios&) = delete;
  /// Waits for all of them.
  ~TracedScenarios();

  /// Waits for it. Throws what went wrong.
  const Traced& of(const std::string& scenario, Family family);

  void keep_evidence() { folder_.keep(); }

 private:
  using BothFamilies = std::array<Traced, 2>;

  void work();
  BothFamilies trace(const Scenario& scenario) const;

  Folder folder_;
  std::vector<Scenario> scenarios_;
  std::vector<std::promise<BothFamilies>> promises_;
  std::vector<std::shared_future<BothFamilies>> results_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace smtpath::test
