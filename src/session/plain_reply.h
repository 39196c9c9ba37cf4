#pragma once

// A reply of SMTP in the clear, where bytes of TLS would be expected.

#include <cstddef>
#include <optional>
#include <span>

#include "smtpath/smtp/transcript.h"

namespace smtpath::session {

/// The reply that these bytes begin with; none: they are no text, or no reply (RFC 5321 section 4.2).
std::optional<smtp::Reply> plain_reply(std::span<const std::byte> bytes);

}  // namespace smtpath::session
