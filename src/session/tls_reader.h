#pragma once

// Reads both directions of a TLS connection, record by record (RFC 8446 section 5.1), into what they show in the clear.
// Bounded: of a handshake message that is not wanted, or longer than kLongestMessage, nothing is kept.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "smtpath/session/tls.h"

namespace smtpath::session {

inline constexpr std::size_t kLongestMessage = std::size_t{1} << 16U;

class TlsReader {
 public:
  TlsReader();
  TlsReader(TlsReader&&) noexcept;
  TlsReader& operator=(TlsReader&&) noexcept;
  ~TlsReader();

  /// Whether a stream that begins like this is TLS: true, false, or not yet to be said.
  enum class Beginning : std::uint8_t { Tls, Other, Undecided };
  static Beginning recognise(std::span<const std::byte> first);

  /// The next bytes of a side, in stream order, cut anywhere.
  void handle(Side side, std::span<const std::byte> bytes);
  /// Bytes of the side are missing: it finds its way back at the next record where it can, else reads no more of it.
  void note_gap(Side side, std::uint64_t missing);

  const Tls& tls() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::session
