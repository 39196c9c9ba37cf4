#pragma once

// What the quotes of ICMP errors and the manners of routers show of a path beside its verdicts, in words.

#include <vector>

#include "smtpath/path/trace.h"
#include "smtpath/report/report.h"

namespace smtpath::report {

/// What was rewritten on the way first, from near to far; then odd routers.
std::vector<Remark> remarks_on(const path::PathTrace& trace);

}  // namespace smtpath::report
