#pragma once

// The words for a place on the path: never more certain than the location that they are made from.

#include <string>

#include "smtpath/verdict/verdict.h"

namespace smtpath::report {

/// "hop 3 (10.0.3.1)", "hop 3 (silent)", "this host".
std::string words_of(const verdict::HopReference& hop);

/// "at hop 3 (10.0.3.1)", "between hop 3 (10.0.3.1) and hop 4 (10.0.4.1)", "beyond hop 3 (10.0.3.1)", "at the server",
/// "on this host".
std::string words_of(const verdict::Location& location);

}  // namespace smtpath::report
