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
  /// `is_whole`: the capture has the beginning of the connection.
  explicit Talk(bool is_whole);

  /// The next bytes of a side, seen at that time.
  void handle(Side side, std::span<const std::byte> bytes, Time at);
  void note_gap(Side side, std::uint64_t missing);

  std::optional<smtp::Verb> last_asked() const { return dialogue_.transcript().last_asked; }
  /// Puts all that was said into the session.
  void tell(Session& session) const;

 private:
  /// The first bytes of a side, or those behind STARTTLS: whether they are TLS. As long as they are too few to tell,
  /// they wait.
  struct Opening {
    bool is_known = false;
    std::vector<std::byte> undecided;
  };
  bool open(Side side, std::span<const std::byte> first);
  void handle_tls(Side side, std::span<const std::byte> bytes, Time at);
  void handle_plain_server(std::span<const std::byte> bytes, Time at);
  std::size_t read_plain(Side side, std::span<const std::byte> bytes, Time at);
  void begin_tls(Side side);
  bool has_understood() const;

  bool is_whole_;
  smtp::Dialogue dialogue_;
  std::unique_ptr<TlsReader> tls_;
  Both<Opening> openings_;
  /// The openings are those behind STARTTLS.
  bool is_starting_tls_ = false;
  bool is_plain_after_starttls_ = false;
  /// Who had spoken in the clear when the other began with TLS.
  std::optional<Side> plain_side_;
  /// The server went on so.
  bool is_server_plain_ = false;
  std::optional<Time> greeting_at_;
  std::optional<smtp::Reply> plain_reply_;
};

}  // namespace smtpath::session
