#pragma once

// Parts of sentences on ports, for all that speaks of them in prose.

#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::report {

/// "", "probably ", "perhaps ".
std::string_view hedge_of(verdict::Confidence confidence);

/// "25", "25 and 465", "25, 465 and 587".
std::string enumeration_of(const std::vector<Port>& ports);

}  // namespace smtpath::report
