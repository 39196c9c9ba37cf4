#pragma once

// Certificates for mail servers under test: an authority of our own, and what can be wrong with a chain (RFC 5280).

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace smtpath::test {

enum class CertificateKey : unsigned char { P256, Rsa2048 };

struct CertificateSpec {
  std::string subject{};
  /// DNS names (subjectAltName); bytes as they are, NULs too.
  std::vector<std::string> names{};
  /// Days from now.
  int begins = -1;
  int ends = 30;
  CertificateKey key = CertificateKey::P256;
  /// Of an extension that nobody knows; makes a certificate large.
  std::size_t padding = 0;
  /// How many authorities stand between it and the root.
  int intermediates = 1;
  /// Its own issuer, instead of the root.
  bool is_self_signed = false;
};

class CertificateAuthority {
 public:
  /// Throws when a key cannot be made.
  CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;
  ~CertificateAuthority();

  /// PEM.
  std::string root() const;
  /// The key, the certificate and those between it and the root, one after another: PEM.
  std::string issue(const CertificateSpec& spec);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How long from now, in days, so that it ran out so long ago.
inline constexpr int kExpired = -3;

}  // namespace smtpath::test
