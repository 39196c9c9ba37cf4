#pragma once

// Reads both sides of an SMTP dialogue into a transcript: replies of several lines, pipelined commands (RFC 2920), data
// and chunks, AUTH exchanges, as the bytes come in. It reads only; what to say is not its business. Bytes of a side
// come in stream order; between the sides, in the order in which they were seen.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

class Dialogue {
 public:
  Dialogue();
  Dialogue(Dialogue&&) noexcept;
  Dialogue& operator=(Dialogue&&) noexcept;
  ~Dialogue();

  /// The next bytes of a side, of any number, cut anywhere. Returns how many were read: fewer than given only when the
  /// dialogue ended in them because TLS begins (`has_ended`); the rest is TLS.
  std::size_t handle_client(std::span<const std::byte> bytes);
  std::size_t handle_server(std::span<const std::byte> bytes);

  /// So many bytes of the side are missing before the next ones (not captured, or lost).
  void note_client_gap(std::uint64_t missing);
  void note_server_gap(std::uint64_t missing);

  /// STARTTLS was answered with 220: bytes after that are TLS (RFC 3207 section 4).
  bool is_tls_next() const;

  const Transcript& transcript() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::smtp
