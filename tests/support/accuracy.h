#pragma once

// How often tracer and judge are right on random simulated paths, and what they say instead where they are not.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/verdict/verdict.h"
#include "support/random_path_grade.h"

namespace smtpath::test {

/// What is counted over ports: subjects and controls, not anchors.
struct Accuracy {
  struct Row {
    std::uint64_t right = 0;
    std::uint64_t vague = 0;
    std::uint64_t wrong = 0;
  };
  Row total;
  /// By the truth's verdict, then by ours: how often.
  std::map<verdict::Kind, std::map<verdict::Kind, std::uint64_t>> confusion;
  /// By our confidence.
  std::map<verdict::Confidence, Row> calibration;
  /// Right verdicts that name a suspect which did not act.
  std::uint64_t wrong_suspects = 0;
  /// Runs that never ended.
  std::uint64_t unfinished = 0;
  std::uint64_t paths = 0;
  std::uint64_t probes = 0;
  /// Of all runs together, in virtual time.
  Duration duration{};
  /// Most SYNs that reached the host at one port, in any one second and in a whole run.
  std::size_t peak_syns_a_second = 0;
  std::size_t most_syns = 0;
  /// Cases that are not right, a line each: every wrong one, of the vague the first only.
  std::vector<std::string> failures;

  void add(const Accuracy& other);
  std::uint64_t ports() const { return total.right + total.vague + total.wrong; }
  double right_share() const;
  double wrong_share() const;
};

struct AccuracySeeds {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Runs the random paths of these seeds, one after another.
Accuracy measure_accuracy(const AccuracySeeds& seeds);

/// The confusion table and the figures, for people.
std::string to_string(const Accuracy& accuracy);

}  // namespace smtpath::test
