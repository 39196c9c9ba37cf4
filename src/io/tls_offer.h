#pragma once

// What our ClientHello offers: usually all that servers in use may still want, so that they are seen and named for what
// they are (docs/decisions/0020-old-tls-is-offered.md); or as little as a server of today can work with.

#include "io/openssl.h"
#include "smtpath/io/tls_client.h"

namespace smtpath::io {

/// Of a server's Certificate message.
inline constexpr long kLongestCertificates = 256L << 10;

/// Null where the library refuses; the reason is in its queue.
openssl::Owned<SSL_CTX> make_context(const TlsOptions& options);

}  // namespace smtpath::io
