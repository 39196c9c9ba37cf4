#pragma once

// Sentences on odd routers: one for each kind of oddity, with all hops that show it.

#include <vector>

#include "smtpath/path/oddity.h"
#include "smtpath/report/report.h"

namespace smtpath::report {

std::vector<Remark> remarks_on(const std::vector<path::Oddity>& oddities);

}  // namespace smtpath::report
