#include "io/tls_offer.h"

namespace smtpath::io {

namespace {

/// TLS 1.0 and 1.1 sign with MD5 and SHA-1, which level 1 forbids.
constexpr int kAnyStrength = 0;

bool offer_usual(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0") == 1;
}

/// What TLS 1.3 (RFC 8446 section 9.1) demands of every server, and for TLS 1.2 what goes with it and its like for old
/// servers (RFC 5246 section 9).
bool offer_least(SSL_CTX* context) {
  constexpr const char* kCiphers =
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
      "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0";
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_ENCRYPT_THEN_MAC | SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_clear_options(context, SSL_OP_TLSEXT_PADDING);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1 &&
         SSL_CTX_set1_groups_list(context, "P-256") == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256") == 1;
}

}  // namespace

openssl::Owned<SSL_CTX> make_context(const TlsOptions& options) {
  openssl::Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  if (!context) return {};
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_security_level(raw, kAnyStrength);
  SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION);
  if (!(options.is_hello_small ? offer_least(raw) : offer_usual(raw))) return {};
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(raw, kLongestCertificates);
  SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
  if (!options.tlsa.empty() && SSL_CTX_dane_enable(raw) != 1) return {};
  return context;
}

}  // namespace smtpath::io
