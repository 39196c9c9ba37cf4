#pragma once

// All that one run tells: the text, the report and what the evidence alone leads to.

#include <nlohmann/json.hpp>
#include <string>

#include "netns/program.h"
#include "smtpath/base/address.h"

namespace smtpath::test {

struct Told {
  std::string text;
  /// The report of the one target.
  nlohmann::json target;
  nlohmann::json replayed;
  std::string evidence;
};

/// Traces the server of the lab; what the run leaves is in the folder, under that name.
Told trace_server(const io::Lab& lab, Family family, const Folder& folder, const std::string& name);

/// For a person who looks at a failing test.
std::string shown(const Told& told);

}  // namespace smtpath::test
