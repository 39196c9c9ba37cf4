#pragma once

// Whether a certificate can be believed: by the roots of this host (RFC 5280), and for which name (RFC 6125). The two
// are told apart.

#include <string>
#include <vector>

#include "io/openssl.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/tls.h"

namespace smtpath::io {

/// What a chain may have between a server's certificate and a root.
inline constexpr int kMostIntermediates = static_cast<int>(facts::kMostCertificates);

struct TrustFinding {
  facts::Trust trust = facts::Trust::BadChain;
  /// The library's words for the first flaw; empty: none.
  std::string error;
};

/// `sent` are the certificates that came along, in any order.
TrustFinding trust_of(X509* certificate, STACK_OF(X509) * sent, X509_STORE* roots, Time now);

/// The first of the names (hosts or addresses) that the certificate is for; empty: none of them.
std::string matched_name(X509* certificate, const std::vector<std::string>& names);

}  // namespace smtpath::io
