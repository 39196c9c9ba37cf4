#pragma once

// One TLS connection of OpenSSL's between two memory buffers, and what it tells of itself into a TlsResult: alerts,
// parameters, the server's certificates. It moves only by its verbs, each of which goes as far as the bytes at hand let
// it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/openssl.h"
#include "smtpath/base/result.h"
#include "smtpath/io/tls_client.h"

namespace smtpath::io {

class TlsSession {
 public:
  enum class Progress : std::uint8_t { NeedsBytes, Done, Ended, Failed };

  TlsSession(X509_STORE* roots, TlsOptions options, Time now);
  // The library holds on to its address.
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession() = default;

  /// Once, before all else.
  Result<Done> open();

  void take_in(std::span<const std::byte> bytes);
  /// What has come to be sent since the last call.
  std::vector<std::byte> take_out();
  std::size_t pending_out() const;

  /// Ended: by the peer's close_notify. Failed: `result().error` says why.
  Progress shake_hands();
  /// Appends what the peer said, in pieces of a record. Done: there was one.
  Progress read(std::vector<std::byte>& said);
  /// False: nothing can be said any more.
  bool write(std::string_view text);
  void say_goodbye();

  facts::TlsResult& result() { return result_; }
  const facts::TlsResult& result() const { return result_; }

 private:
  static int verify(X509_STORE_CTX* check, void* session);
  static void notice(const SSL* ssl, int where, int value);
  static void log_key(const SSL* ssl, const char* line);

  void look_at(X509_STORE_CTX* check);
  void note_alert(facts::AlertFrom from, int level, int description);
  void note_parameters();
  Progress progress_after(int status);

  X509_STORE* roots_;
  TlsOptions options_;
  Time now_;
  facts::TlsResult result_;
  std::size_t usable_tlsa_ = 0;
  openssl::Owned<SSL_CTX> context_;
  openssl::Owned<SSL> ssl_;
  // Its own.
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
};

}  // namespace smtpath::io
