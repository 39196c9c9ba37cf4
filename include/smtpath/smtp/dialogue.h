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
  /// What is certain of the first bytes of the sides.
  enum class Beginning : std::uint8_t {
    /// Nothing: commands may have been said that were not seen.
    Unseen,
    /// They are the first that were said: a reply that comes before a command answers none.
    Greeting,
    /// The same inside TLS, where the server does not greet again (RFC 3207 section 4.2).
    AfterStartTls,
  };

  explicit Dialogue(Beginning beginning = Beginning::Unseen);
  Dialogue(Dialogue&&) noexcept;
  Dialogue& operator=(Dialogue&&) noexcept;
  ~Dialogue();

  /// The next bytes of a side, of any number, cut anywhere. Returns how many were read: fewer than given only when TLS
  /// begins in them (`is_tls_next`); the rest is TLS.
  std::size_t handle_client(std::span<const std::byte> bytes);
  std::size_t handle_server(std::span<const std::byte> bytes);

  /// So many bytes of the side are missing before the next ones (not captured, or lost); 0: nobody knows how many. Call
  /// it for both sides first of all where the capture begins later than the connection: then the first reply need not
  /// be the greeting.
  ///
  /// How it goes on. Client: what follows is passed over up to a line that is a command beyond doubt; replies that
  /// answer none of the commands seen count as answers to lost ones, not as unsolicited; a reply of the server ends
  /// message text whose end may have been lost. Server: commands asked before the last call to handle_client are taken
  /// for answered; a reply that fits one command alone (354, 334, 235, 221, 220) is given to that, whatever waits
  /// before it.
  void note_client_gap(std::uint64_t missing);
  void note_server_gap(std::uint64_t missing);

  /// STARTTLS was answered with 220: bytes after that are TLS (RFC 3207 section 4). Also when the client's TLS began
  /// though the answer has not been seen (nor perhaps captured): then handle_server() still reads that answer, if the
  /// server's next bytes are one, and none else.
  bool is_tls_next() const;
  /// The sides went on in the clear after all: what they say from here on is read as SMTP again.
  void resume_in_plain();

  const Transcript& transcript() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::smtp
