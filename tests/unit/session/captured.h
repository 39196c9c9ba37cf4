#pragma once

// What an observer makes of a capture.

#include <string>
#include <vector>

#include "smtpath/session/observer.h"

namespace smtpath::test {

struct Observed {
  std::vector<session::Session> sessions;
  session::Counters counters;
  std::string error;
};

/// Every connection of a capture, in the order of ending.
Observed observe(const std::string& file, const session::Options& options);

}  // namespace smtpath::test
