#pragma once

// One connection under judgement, with what several rules ask of it.

#include <optional>

#include "smtpath/session/session.h"
#include "smtpath/verdict/outcome.h"
#include "verdict/reset_origin.h"

namespace smtpath::verdict {

/// So long a wait at the end is a stall.
inline constexpr Duration kStall = std::chrono::seconds(10);

struct SessionCase {
  /// Views the session, which outlives it.
  explicit SessionCase(const session::Session& of);

  const smtp::Commands& asked(smtp::Verb verb) const { return dialogue.of(verb); }
  bool has_asked(smtp::Verb verb) const { return dialogue.of(verb).asked > 0; }
  bool has_hello() const { return has_asked(smtp::Verb::Ehlo) || has_asked(smtp::Verb::Helo); }
  bool is_waiting_long() const { return waited >= kStall; }
  /// A side owes the other a word: an answer, an acknowledgment, the rest of a message.
  bool is_anything_owed() const;
  /// Closed by a FIN, not by a reset.
  bool is_closed_in_order() const { return session.first_fin.has_value() && !reset; }
  /// Nothing but SYNs and their answers: it never came to a conversation.
  bool is_unopened() const { return !is_open; }

  const session::Session& session;
  const smtp::Transcript& dialogue;
  const session::Tls& tls;

  /// The capture begins later than the connection.
  bool begins_late = false;
  /// One direction is missing from the capture altogether.
  bool is_one_sided = false;
  /// The capture lacks part of what was said.
  bool is_incomplete = false;
  /// Data can pass: the handshake was completed, or is long past.
  bool is_open = false;
  /// The server sent payload, captured or not.
  bool has_server_spoken = false;
  /// TLS was accepted or begun, in whatever way.
  bool is_tls_begun = false;
  /// Both hellos, and then the handshake's end as far as it shows.
  bool is_tls_established = false;
  std::optional<ResetOrigin> reset;
  /// When somebody gave up, or the capture ended.
  Time until;
  /// Since the last word, or the oldest unacknowledged one.
  Duration waited{};
  Stage stage = Stage::Syn;
};

}  // namespace smtpath::verdict
