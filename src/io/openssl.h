#pragma once

// OpenSSL's objects with an owner, its texts and its errors as ours. Only for sources of io.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace smtpath::io::openssl {

struct Free {
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Free>;

/// In the ClientHello (RFC 6066); an empty one: none. False where the name cannot be one.
inline bool ask_for(SSL* ssl, std::string host) {
  void* const name = host.empty() ? nullptr : host.data();
  return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) == 1;
}

/// What a memory BIO holds, until it is next written or read.
inline std::string_view content_of(BIO* bio) {
  char* begin = nullptr;
  const long length = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &begin);
  return length > 0 ? std::string_view(begin, static_cast<std::size_t>(length)) : std::string_view{};
}

/// The words for what went wrong first since the last call; empty: nothing did.
inline std::string take_error() {
  const unsigned long first = ERR_peek_error();
  ERR_clear_error();
  if (first == 0) return {};
  const char* const words = ERR_reason_error_string(first);
  return words != nullptr ? words : "error " + std::to_string(ERR_GET_REASON(first));
}

}  // namespace smtpath::io::openssl
