#pragma once

// What a reader should know of a target beside its verdicts.

#include <span>
#include <string>
#include <vector>

#include "smtpath/facts/port_route.h"

namespace smtpath::report {

/// One sentence for each port whose mail leaves otherwise than the probes that its verdict rests on.
std::vector<std::string> notes_on(std::span<const facts::PortRoute> routes);

}  // namespace smtpath::report
