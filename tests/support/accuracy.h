#pragma once

// How often tracer and judge are right on random simulated paths, and what they say instead where they are not.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
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

    std::uint64_t all() const { return right + vague + wrong; }
    double right_share() const;
    double wrong_share() const;
  };
  /// A verdict, and the cause of an intermittent one.
  using Said = std::pair<verdict::Kind, std::optional<verdict::Cause>>;

  Row total;
  /// Of paths that lose nothing by chance.
  Row lossless;
  /// By the truth's verdict, then by ours: how often.
  std::map<Said, std::map<Said, std::uint64_t>> confusion;
  /// By our confidence.
  std::map<verdict::Confidence, Row> calibration;
  /// Right verdicts that name a suspect which did not act.
  std::uint64_t wrong_suspects = 0;
  /// Runs that never ended.
  std::uint64_t unfinished = 0;
  std::uint64_t paths = 0;
  std::uint64_t probes = 0;
  /// Of one run in which a port is not open.
  std::size_t most_probes_of_a_block = 0;
  /// Of all runs together, and the longest, in virtual time.
  Duration duration{};
  Duration longest{};
  /// Most SYNs that reached the host at one port: in any one second; in a whole run; in one over a path of which flows
  /// meet different addresses.
  std::size_t peak_syns_a_second = 0;
  std::size_t most_syns = 0;
  std::size_t most_syns_where_balanced = 0;
  /// Cases that are not right, a line each: every wrong one, of the vague the first only.
  std::vector<std::string> failures;

  /// One kind of error: what is remarkable about the path, what is true, what was said.
  struct ErrorClass {
    std::uint64_t wrong = 0;
    std::uint64_t vague = 0;
    /// The first few.
    std::vector<std::uint64_t> seeds;
  };
  std::map<std::string, ErrorClass> errors;

  void add(const Accuracy& other);
  std::uint64_t ports() const { return total.all(); }
  double right_share() const { return total.right_share(); }
  double wrong_share() const { return total.wrong_share(); }
};

enum class PathKind : std::uint8_t {
  /// Those of random_path.h.
  Plain,
  /// Those of hard_path.h.
  Hard,
};

struct AccuracySeeds {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Runs the random paths of these seeds, one after another.
Accuracy measure_accuracy(const AccuracySeeds& seeds, PathKind kind = PathKind::Plain);

/// The confusion table, the figures and the most frequent kinds of error, for people.
std::string to_string(const Accuracy& accuracy);

}  // namespace smtpath::test
