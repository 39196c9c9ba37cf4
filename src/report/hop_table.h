#pragma once

// The table of hops by ports as a person sees it.

#include <string>

#include "smtpath/report/report.h"
#include "smtpath/report/text.h"

namespace smtpath::report {

/// Header, rows and a legend of the signs that occur; each line ends with a newline. No line is wider than the style
/// allows, as long as that leaves room for the columns at their narrowest. Empty when no port was probed.
std::string hop_table_of(const TargetReport& target, const TextStyle& style);

}  // namespace smtpath::report
