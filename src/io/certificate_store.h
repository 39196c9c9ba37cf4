#pragma once

#include "io/openssl.h"
#include "smtpath/io/tls_client.h"

namespace smtpath::io {

struct CertificateStore::State {
  /// Never empty-handed; holds all roots, and looks for none in files.
  openssl::Owned<X509_STORE> roots;
};

}  // namespace smtpath::io
