#pragma once

// Certificates for tests of TLS, right ones and wrong ones, and stores that hold some of them.

#include <string>
#include <vector>

#include "io/openssl.h"
#include "smtpath/base/time.h"
#include "smtpath/io/tls_client.h"

namespace smtpath::test {

/// Everybody's clock in these tests; certificates are good a month around it.
inline constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

/// Two keys are made once: that of all issuers, and that of all servers.
EVP_PKEY* issuer_key();
EVP_PKEY* server_key();
/// Made when it is first asked for.
EVP_PKEY* rsa_key();

struct CertificateSpec {
  std::string common_name = "mx.example.com";
  /// subjectAltName; bytes as they are. None: no such extension.
  std::vector<std::string> names{};
  /// In its four or sixteen bytes.
  std::string address{};
  Time not_before = kNow - std::chrono::days{30};
  Time not_after = kNow + std::chrono::days{30};
  bool is_authority = false;
  /// Of an extension that nobody knows.
  std::size_t filling = 0;
  /// extendedKeyUsage in OpenSSL's words.
  std::string purpose = "serverAuth";
  /// Of 2048 bits: rsa_key().
  bool has_rsa_key = false;
};

/// Good until the program ends. Null issuer: signed by itself. Its key is issuer_key() if it is an authority,
/// server_key() otherwise.
X509* certificate(const CertificateSpec& spec, X509* issuer = nullptr);
/// Signed with a key that is not its issuer's.
X509* forged_certificate(const CertificateSpec& spec, X509* issuer);

/// By SSL_CERT_FILE.
io::CertificateStore store_of(const std::vector<X509*>& roots);

/// SHA-256 of its public key, as TLSA records of selector 1 and matching type 1 hold it.
std::vector<std::byte> key_digest(X509* certificate);

}  // namespace smtpath::test
