#pragma once

// The server's own certificate out of a Certificate message of TLS 1.2 and older (RFC 5246 section 7.4.2). Read, never
// trusted: nothing is verified.

#include <cstddef>
#include <optional>
#include <span>

#include "smtpath/session/tls.h"

namespace smtpath::session {

/// Nothing when the message has none, or it cannot be read.
std::optional<TlsCertificate> parse_certificate(std::span<const std::byte> message);

}  // namespace smtpath::session
