#pragma once

// Puts together what one host found out about one address: traces of several ports, and of none by echo requests, that
// came one after the other.

#include <vector>

#include "path/foreign_trace.h"
#include "smtpath/path/foreign_traces.h"

namespace smtpath::path {

/// In the order in which they began. Two traces of one port are two results.
std::vector<FoundTrace> put_together(std::vector<ForeignTrace> traces, const std::vector<Port>& subjects);

}  // namespace smtpath::path
