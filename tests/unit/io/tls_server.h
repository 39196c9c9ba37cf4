#pragma once

// A TLS server of OpenSSL's in memory, for tests of our client: bytes in, bytes out.

#include <span>
#include <string>
#include <vector>

#include "unit/io/certificates.h"

namespace smtpath::test {

struct ServerSpec {
  /// Its own first.
  std::vector<X509*> chain{};
  int lowest = TLS1_2_VERSION;
  int highest = TLS1_3_VERSION;
  /// TLS 1.2 and older; empty: the library's own choice.
  std::string ciphers{};
  std::string groups{};
  bool wants_certificate = false;
  bool demands_certificate = false;
  bool knows_no_name = false;
};

class TlsServer {
 public:
  explicit TlsServer(const ServerSpec& spec);

  /// What it answers to the client's bytes.
  std::vector<std::byte> handle(std::span<const std::byte> bytes);
  std::vector<std::byte> say(const std::string& text);
  std::vector<std::byte> ask_for_renegotiation();
  std::vector<std::byte> update_keys();
  std::vector<std::byte> say_goodbye();

  /// All that the client said.
  const std::string& heard() const { return heard_; }
  bool is_closed() const { return is_closed_; }
  /// That the client asked for.
  std::string asked_name() const;

 private:
  std::vector<std::byte> take_out();

  io::openssl::Owned<SSL_CTX> context_;
  io::openssl::Owned<SSL> ssl_;
  BIO* in_;
  BIO* out_;
  std::string heard_;
  bool is_closed_ = false;
};

}  // namespace smtpath::test
