#pragma once

// The built program run to its end, its report read and its memory measured.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "netns/program.h"

namespace smtpath::test {

struct Measured {
  int status = 0;
  std::string errors;
  /// Standard output, and what it says as JSON.
  std::string text;
  nlohmann::json report;
  /// The most memory that was resident.
  double peak_mib = 0;

  const nlohmann::json& target() const { return report.at("targets").at(0); }
  /// Frames that the capture delivered, and those that it lost.
  std::size_t captured() const { return report.at("capture").at("packets").get<std::size_t>(); }
  std::size_t lost() const { return report.at("capture").at("dropped").get<std::size_t>(); }
};

/// Of the program with these arguments, `--json -` among them: in the lab's client, or on this host. Throws as run_in
/// does, and when the output is no report.
Measured measure_in(const io::Lab& lab, const std::vector<std::string>& arguments);
Measured measure_here(const std::vector<std::string>& arguments);

}  // namespace smtpath::test
