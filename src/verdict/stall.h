#pragma once

// Names what a connection waits for at its end, and why nothing more comes.

#include <optional>
#include <string>

#include "verdict/session_case.h"

namespace smtpath::verdict {

/// One or more sentences, by the strongest sign there is: segments too large for the path, a closed window, bytes that
/// nobody acknowledges, a side that owes a word.
std::string stall_sentence(const SessionCase& evidence);

/// The side whose large segments vanish where small ones pass: a path-MTU black hole (RFC 2923).
std::optional<session::Side> side_with_too_large(const SessionCase& evidence);

/// The ICMP error that told the side to send smaller segments; nullptr: none was captured.
const session::IcmpNote* size_note(const SessionCase& evidence, session::Side about);

}  // namespace smtpath::verdict
