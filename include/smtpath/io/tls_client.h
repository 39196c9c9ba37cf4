#pragma once

// The client's end of a TLS connection that somebody else carries: its bytes go in and out here, and it never touches a
// socket. The certificate is verified against the store and the names, and looked at whatever the outcome: a chain that
// nobody vouches for does not end the handshake. Uses OpenSSL with memory BIOs.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/tls.h"

namespace smtpath::io {

/// The roots that this host trusts, read once, before privileges go.
class CertificateStore {
 public:
  /// The system's own, or the file or folder of SSL_CERT_FILE and SSL_CERT_DIR. An empty one is no error: then nothing
  /// is trusted.
  static CertificateStore open();

  CertificateStore(CertificateStore&&) noexcept;
  CertificateStore& operator=(CertificateStore&&) noexcept;
  ~CertificateStore();

 private:
  friend class TlsClient;
  struct State;
  explicit CertificateStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One TLSA record (RFC 6698 section 2.1), its data in bytes.
struct TlsaRecord {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  std::vector<std::byte> data;
};

struct TlsOptions {
  /// Asked for in the ClientHello (RFC 6066); empty: none is sent.
  std::string server_name;
  /// The certificate may be for any of these.
  std::vector<std::string> names;
  /// Only those that DNSSEC vouches for.
  std::vector<TlsaRecord> tlsa;
  /// A ClientHello as small as one can be: one group, few ciphers and signatures, no padding, no ticket.
  bool is_hello_small = false;
  /// Given each line of the key log (the format of NSS, as Wireshark reads it); may be empty.
  std::function<void(std::string_view)> key_log{};
};

class TlsClient {
 public:
  /// The store is lent for the client's life. Error: the library could not be set up.
  static Result<TlsClient> begin(const CertificateStore& store, const TlsOptions& options, Time now);

  TlsClient(TlsClient&&) noexcept;
  TlsClient& operator=(TlsClient&&) noexcept;
  ~TlsClient();

  /// The peer's next bytes, as the connection carried them.
  void handle_bytes(Time now, std::span<const std::byte> bytes);
  /// The connection ended, or nothing came for too long.
  void handle_end(Time now, facts::TlsEnd end);

  /// What the connection has to carry next; absent: nothing now. Good until the next call of anything.
  std::optional<std::span<const std::byte>> poll_transmit(Time now);

  /// The handshake is over, one way or the other.
  bool is_done() const;
  /// No longer once the server refuses it (TlsEnd::Alerted) instead of saying its first word.
  bool is_established() const;

  /// What our side says, once established; to be fetched by poll_transmit().
  void write(std::string_view text);
  /// What the peer said since the last call, at most 64 KiB; the rest the next time. Empty: nothing. A peer of whom
  /// more than 1 MiB waits here is listened to no longer.
  std::vector<std::byte> read();
  /// The peer said that it has no more to say (close_notify), or broke the protocol.
  bool is_closed() const;
  /// Says goodbye (close_notify).
  void close();

  /// What is known by now.
  const facts::TlsResult& result() const;

 private:
  struct State;
  explicit TlsClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
