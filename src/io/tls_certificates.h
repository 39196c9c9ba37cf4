#pragma once

// The certificates that a server sent, as plain values. Read, never judged.

#include "io/openssl.h"
#include "smtpath/facts/tls.h"

namespace smtpath::io {

/// Bounded whatever is in it; what cannot be read is empty.
facts::Certificate describe(X509* certificate);

/// Into `chain` and `chain_length`. `sent` may be null: none.
void describe(const STACK_OF(X509) * sent, facts::TlsResult& result);

}  // namespace smtpath::io
