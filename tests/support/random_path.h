#pragma once

// Random cases of one path each, as varied as the Internet is: lengths, latencies, loss, silent and stingy routers,
// return paths of another length, and one policy against a mail port somewhere on it; sometimes ports that the server
// passes on, routers of several addresses, or a box that stands in for the server. The same seed makes the same case.

#include <cstdint>
#include <string>
#include <vector>

#include "smtpath/path/plan.h"
#include "support/network_path.h"
#include "support/random_path_truth.h"

namespace smtpath::test {

struct RandomPath {
  /// Seeds the network too: Network(path, seed) loses the same packets each time.
  std::uint64_t seed = 0;
  NetworkPath path;
  /// Port 25 is the subject; 465, 587 and 2525 are controls, 443 and 80 anchors.
  path::Plan plan;
  /// In the order of the plan's ports.
  std::vector<PortTruth> truths;
  bool is_lossless = true;
  /// What is remarkable about it, a word each; of hard paths only.
  std::vector<std::string> features{};
};

RandomPath random_path(std::uint64_t seed);

/// The path and its truth in a few lines, for messages of tests.
std::string to_string(const RandomPath& random);

}  // namespace smtpath::test
