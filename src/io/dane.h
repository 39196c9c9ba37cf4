#pragma once

// TLSA records for mail (RFC 7672): which of them can be used, and whether a server's certificates fit one.

#include "io/openssl.h"
#include "smtpath/io/tls_client.h"

namespace smtpath::io {

/// Before the handshake, and before the name to ask for is set: this sets one too. How many records are of use; the
/// others are passed over: those of usage 0 and 1 (section 3.1.3), of a kind that nobody knows, of a wrong length.
/// `ssl` comes from a context that had SSL_CTX_dane_enable().
std::size_t use_tlsa(SSL* ssl, const TlsOptions& options);

/// In the handshake, with the check that `ssl` began; only where use_tlsa() found any. Certificates of usage 3 may be
/// expired and for any name (section 3.1.1).
facts::Dane compare_with_tlsa(X509_STORE_CTX* check);

}  // namespace smtpath::io
