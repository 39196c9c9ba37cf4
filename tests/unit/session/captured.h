#pragma once

// The real captures that lie beside the project, where they do, and what an observer makes of one.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/session/observer.h"

namespace smtpath::test {

/// Their folder; none: they are not here.
std::optional<std::string> shared_captures();

struct Observed {
  std::vector<session::Session> sessions;
  session::Counters counters;
  std::string error;
};

/// Every connection of a capture, in the order of ending.
Observed observe(const std::string& file, const session::Options& options);

}  // namespace smtpath::test
