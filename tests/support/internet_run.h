#pragma once

// The built program, sent to hosts of a simulated Internet, and what it said of them.

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/base/time.h"
#include "support/internet_lab.h"
#include "support/random_path_grade.h"

namespace smtpath::test {

/// Where the built programs are.
struct InternetPrograms {
  std::string smtpath;
  std::string peak_memory;
};

struct InternetAsking {
  /// Of `smtpath trace`, beside --jsonl and the targets: one is an argument, several come from a file.
  std::vector<std::string> options;
  std::vector<InternetTarget> targets;
  /// Then the program is killed.
  Duration timeout = std::chrono::minutes(5);
};

struct InternetRun {
  int status = 0;
  bool timed_out = false;
  std::string errors;
  /// Of the whole process.
  Duration elapsed{};
  /// The most memory that it had resident.
  std::size_t peak_kib = 0;
  /// The lines of --jsonl: by target, and the last one.
  std::map<std::string, nlohmann::json> reports;
  nlohmann::json summary;

  double peak_mib() const { return static_cast<double>(peak_kib) / 1024; }
  double seconds() const { return std::chrono::duration<double>(elapsed).count(); }
};

/// Error: it could not be started, or wrote something that is no report.
Result<InternetRun> ask_internet(const InternetLab& lab, const InternetPrograms& programs,
                                 const InternetAsking& asking);

/// The ports that are reported of the targets; one that is missing counts as `missing`.
struct InternetGrades {
  std::size_t right = 0;
  std::size_t vague = 0;
  std::size_t wrong = 0;
  std::size_t wrong_suspects = 0;
  std::size_t missing = 0;
  /// Of those that are not right, a line each.
  std::vector<std::string> failures;
};

InternetGrades grade(const InternetRun& run, const std::vector<InternetTarget>& targets);

}  // namespace smtpath::test
