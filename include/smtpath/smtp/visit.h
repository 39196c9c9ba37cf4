#pragma once

// What a visit of our own client to a mail server came to: who said what, when, and how it ended. Plain values; what
// they mean for mail is the judge's business. Times are spans from when the stage could begin to its answer.

#include <cstdint>
#include <optional>
#include <string>

#include "smtpath/base/time.h"
#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

/// What the client was waiting for, or doing, in the order of a visit that goes well. On a port that begins with TLS
/// (RFC 8314), Tls comes first. It stays with what a reply refused (STARTTLS with 454, AUTH with 535), though QUIT
/// followed.
enum class VisitStage : std::uint8_t { Greeting, Ehlo, StartTls, Tls, EhloInTls, Auth, Quit };

enum class VisitEnd : std::uint8_t {
  /// Nothing was left to ask, or the server would not do it (STARTTLS, AUTH); QUIT was said.
  Done,
  /// A reply forbade going on (greeting or EHLO with 4xx or 5xx, 421 at any time); QUIT was said where that was
  /// possible.
  Refused,
  /// The first bytes were no reply, or one that neither greets nor refuses; or bytes came without end.
  NoSmtp,
  /// The TLS handshake failed; why is told by who did it.
  TlsFailed,
  /// The server closed, or reset, while something was still to be asked or answered.
  Closed,
  Reset,
  /// Nothing came for as long as a stage may take.
  TimedOut,
  /// The run was cut short.
  Interrupted,
};

/// The answer to credentials that are right (RFC 4954 section 6).
inline constexpr std::uint16_t kAuthenticated = 235;

/// Of AUTH (RFC 4954), when it was asked for.
struct AuthAttempt {
  /// "PLAIN", "LOGIN"; empty: the server offers neither, or not inside TLS, and nothing was sent.
  std::string mechanism;
  /// The final reply; absent: none came.
  std::optional<Reply> reply;
};

struct Visit {
  VisitStage stage = VisitStage::Greeting;
  VisitEnd end = VisitEnd::Interrupted;
  /// What was said in the clear; empty on a port that begins with TLS.
  Transcript plain;
  /// What was said inside TLS; absent: it never began.
  std::optional<Transcript> encrypted;
  /// Bytes of the server's that stood behind its answer to STARTTLS, in the clear; they were thrown away (RFC 3207
  /// section 4; CVE-2011-0411).
  std::uint64_t smuggled_bytes = 0;
  /// Absent also where the visit ended before AUTH could be thought of.
  std::optional<AuthAttempt> auth;
  /// From the connection (inside TLS from its end, on a port that begins with it) to the end of the greeting; from EHLO
  /// to the end of its reply, both where it was said twice; of STARTTLS; of the handshake.
  std::optional<Duration> greeting;
  std::optional<Duration> ehlo;
  std::optional<Duration> starttls;
  std::optional<Duration> tls;
  /// How long nothing had come when it ended.
  Duration waited{};
};

}  // namespace smtpath::smtp
