#pragma once

// Sentences on what was rewritten on the way.

#include <string>
#include <vector>

#include "smtpath/path/rewriting.h"

namespace smtpath::report {

/// "source 203.0.113.7:61001 instead of 192.0.2.2:40001". `part` must not be empty; all begin and end at the same hops.
std::string words_on(const std::vector<path::Rewriting>& part, const std::string& probes);

/// "MSS 1400 instead of 1460"
std::string words_on(const path::QuoteChange& change);

/// "hop 3 (10.0.3.1)"
std::string words_on(const path::SeenHop& hop);

}  // namespace smtpath::report
