#pragma once

// The truth of a simulated Internet as text, and reports of the program held against it.

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/internet_target.h"
#include "support/random_path_grade.h"

namespace smtpath::test {

/// A JSON line for each port that a run asks by default: {"target", "port", "role", "right": [{"verdict", "acting",
/// "answering_before", "answering_beyond"}]}, the fields of RightVerdict.
std::string truth_lines(const InternetTarget& target);

/// How one port of a report fares.
struct PortGrade {
  Grade grade = Grade::Right;
  bool names_wrong_suspect = false;
  /// What is true, what was said and why.
  std::string text;
};

/// Of each port that the report of the target has, in its order, but for anchors: nobody owes those a sweep.
std::vector<PortGrade> grade_report(const InternetTarget& target, const nlohmann::json& report);

}  // namespace smtpath::test
