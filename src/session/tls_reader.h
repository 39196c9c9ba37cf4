#pragma once

// Reads both directions of a TLS connection, record by record (RFC 8446 section 5.1), into what they show in the clear.
// Bounded: of a handshake message that is not wanted nothing is kept, of a wanted one no more than kLongestMessage.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "smtpath/session/tls.h"

namespace smtpath::session {

inline constexpr std::size_t kLongestMessage = std::size_t{1} << 14U;
inline constexpr std::size_t kLongestPlainText = 1024;
inline constexpr std::size_t kMostAlerts = 8;

class TlsReader {
 public:
  TlsReader();
  TlsReader(TlsReader&&) noexcept;
  TlsReader& operator=(TlsReader&&) noexcept;
  ~TlsReader();

  /// Whether a stream that begins like this is TLS: true, false, or not yet to be said (at least with 5 bytes it is).
  enum class Beginning : std::uint8_t { Tls, Other, Undecided };
  static Beginning recognise(std::span<const std::byte> first);

  /// The next bytes of a side, in stream order, cut anywhere. The server's plain answer to STARTTLS is not for it.
  void handle(Side side, std::span<const std::byte> bytes);
  /// Bytes of the side are missing before the next ones: it finds its way back where these lie within one record, or
  /// where the next call's bytes begin with a record; 0: nobody knows how many.
  void note_gap(Side side, std::uint64_t missing);

  const Tls& tls() const;

  /// What came in place of records (`Tls::is_client_no_tls`, `is_server_no_tls`), from its first byte on, at most
  /// kLongestPlainText; later bytes of that side are not kept. Good until the next call.
  std::span<const std::byte> plain_text(Side side) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::session
