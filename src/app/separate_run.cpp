#include "app/separate_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenLooks = 50ms;

struct Kept {
  Examined examined;
  KeptConnections connections;
};

/// What the threads share.
struct Shared {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<bool> goes_on = true;
};

/// Opens a place for text that is wanted; that there is none becomes an error of the result.
std::optional<io::Spool> spool_if(bool is_wanted, std::vector<Error>& errors) {
  if (!is_wanted) return std::nullopt;
  auto spool = io::Spool::open();
  if (!spool) {
    errors.push_back(spool.error());
    return std::nullopt;
  }
  return std::move(spool).value();
}

Kept examine_one(io::CaptureFile capture, const SeparateOptions& options, Shared& shared) {
  const std::string name = capture.name();
  std::vector<Error> errors;
  KeptConnections connections{.objects = spool_if(options.wants_document, errors),
                              .lines = spool_if(options.wants_lines, errors)};
  std::uint64_t counted = 0;
  const ExaminationHooks hooks{.start = [](Time) {},
                               .take =
                                   [&](const report::ConnectionReport& connection) {
                                     report::ConnectionReport named = connection;
                                     named.file = name;
                                     if (connections.objects)
                                       connections.objects->append(report::json_of(named) + '\n');
                                     if (connections.lines) connections.lines->append(report::json_line_of(named));
                                   },
                               .goes_on =
                                   [&](std::uint64_t bytes) {
                                     shared.bytes += bytes - counted;
                                     counted = bytes;
                                     return shared.goes_on.load();
                                   }};
  std::vector<io::CaptureFile> alone;
  alone.push_back(std::move(capture));
  Kept kept{.examined = examine(std::move(alone), options.examination, hooks), .connections = std::move(connections)};
  kept.examined.errors.insert(kept.examined.errors.begin(), errors.begin(), errors.end());
  return kept;
}

}  // namespace

void examine_separately(std::vector<io::CaptureFile> captures, const SeparateOptions& options,
                        const SeparateHooks& hooks) {
  Shared shared;
  std::vector<std::promise<Kept>> promises(captures.size());
  const auto work = [&] {
    for (std::size_t i = shared.next++; i < captures.size(); i = shared.next++) {
      try {
        promises[i].set_value(examine_one(std::move(captures[i]), options, shared));
      } catch (...) {
        promises[i].set_exception(std::current_exception());
      }
    }
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::min(cores, captures.size()); ++i) workers.emplace_back(work);
  for (std::promise<Kept>& promise : promises) {
    auto future = promise.get_future();
    while (future.wait_for(kBetweenLooks) != std::future_status::ready) {
      if (!hooks.goes_on(shared.bytes)) shared.goes_on = false;
    }
    Kept kept = future.get();
    hooks.take(kept.examined, kept.connections);
  }
}

}  // namespace smtpath::app
