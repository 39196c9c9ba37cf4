#pragma once

// Where our client stands and where it goes: the one table of its transitions. It says nothing and knows no time.

#include <cstdint>
#include <optional>

#include "smtpath/smtp/visit.h"

namespace smtpath::smtp {

/// What the client waits for: the greeting, the handshake, or the reply to what it said there.
enum class Step : std::uint8_t {
  Greeting,
  Ehlo,
  Helo,
  StartTls,
  Handshake,
  /// AUTH PLAIN with its response on the same line; without; the response by itself (RFC 4616).
  PlainAtOnce,
  PlainAsked,
  PlainTold,
  LoginAsked,
  LoginUser,
  LoginPassword,
  /// "*" (RFC 4954 section 4).
  AuthCancelled,
  Quit,
  Over,
};

enum class Event : std::uint8_t {
  /// Replies: 220; any other 2xx; 334; 500, 502 and 504; 421; any other.
  Ready,
  Accepted,
  GoOn,
  NotKnown,
  ShuttingDown,
  Refused,
  /// The server's bytes are no replies, or have no end.
  Nonsense,
  TlsEstablished,
  TlsFailed,
  Closed,
  Reset,
  TimedOut,
  Interrupted,
};

Event event_of(std::uint16_t code);
bool is_reply(Event event);

/// How AUTH would be done, as far as the server offers it and we may.
enum class AuthWay : std::uint8_t { None, PlainAtOnce, Plain, Login };

/// What decides where there is more than one way on.
struct Situation {
  /// STARTTLS is offered, wanted, and not done.
  bool may_start_tls = false;
  bool is_greeted_in_tls = false;
  AuthWay auth = AuthWay::None;
};

struct Transition {
  Step next = Step::Over;
  /// What the visit comes to by this; absent: not decided here.
  std::optional<VisitEnd> end;
};
/// Precondition: `at` is not Over.
Transition transition(Step at, Event event, const Situation& situation);

VisitStage stage_of(Step step, bool is_in_tls);
/// AUTH was said, and its final reply is to come.
bool is_in_auth(Step step);
/// What is said here is a part of AUTH that a 334 asked for, no command.
bool is_auth_part(Step step);

}  // namespace smtpath::smtp
