#pragma once

// What is said in one connection: plain SMTP, TLS from the first byte, or one after the other. Sorts the bytes of both
// sides, in the order in which they were seen, to the reader of the dialogue and the reader of TLS.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "session/tls_reader.h"
#include "smtpath/session/session.h"
#include "smtpath/smtp/dialogue.h"

namespace smtpath::session {

class Talk {
 public:
  /// The next bytes of a side, seen at that time.
  void handle(Side side, std::span<const std::byte> bytes, Time at);
  void note_gap(Side side, std::uint64_t missing);

  std::optional<smtp::Verb> last_asked() const { return dialogue_.transcript().last_asked; }
  /// Puts all that was said into the session.
  void tell(Session& session) const;

 private:
  /// Whether a side's bytes began with TLS; those too few to tell wait.
  struct Opening {
    bool is_known = false;
    std::vector<std::byte> undecided;
  };
  /// The bytes to go on with once they tell; none while they do not.
  std::optional<std::vector<std::byte>> decide(Opening& opening, std::span<const std::byte> bytes);
  void open(Side side, std::span<const std::byte> bytes, Time at);
  void handle_plain(Side side, std::span<const std::byte> bytes, Time at);
  void handle_tls(Side side, std::span<const std::byte> bytes, Time at);
  void begin_tls(TlsMode mode);
  bool is_asking_for_tls() const;

  smtp::Dialogue dialogue_;
  std::unique_ptr<TlsReader> tls_;
  TlsMode mode_ = TlsMode::None;
  Both<Opening> openings_;
  /// The openings are those behind STARTTLS.
  bool is_starting_tls_ = false;
  bool is_plain_after_starttls_ = false;
  std::optional<Time> greeting_at_;
  std::optional<smtp::Reply> plain_reply_;
};

}  // namespace smtpath::session
