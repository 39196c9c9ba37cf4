#pragma once

// The sentence on the reset that ended a connection.

#include <string>

#include "verdict/session_case.h"

namespace smtpath::verdict {

/// Who reset it, when, at which word, and why we think so. The case has a reset.
std::string reset_sentence(const SessionCase& evidence);

}  // namespace smtpath::verdict
