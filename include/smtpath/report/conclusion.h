#pragma once

// What a target's verdicts amount to, in a sentence that needs no knowledge of this program.

#include <string>

#include "smtpath/report/report.h"

namespace smtpath::report {

/// Over all ports of the target, from its verdicts and locations (its own `conclusion` is not looked at), and no more
/// certain than they are. The error's text where the target could not be tried.
std::string conclusion_of(const TargetReport& target);

}  // namespace smtpath::report
