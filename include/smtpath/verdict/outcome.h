#pragma once

// The judge of whole connections: from what the packets of one show to one outcome, the stage at which it ended, who
// did it, and a sentence. docs/outcomes.md lists the rules in their order. It knows neither whether the connection is
// live nor how the outcome is shown.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/session/session.h"

namespace smtpath::verdict {

/// In order of precedence: where two fit, the earlier is the outcome.
enum class Outcome : std::uint8_t {
  Delivered,
  MessageRefused,
  AuthFailed,
  CertificateInvalid,  // live only
  Ok,                  // live only
  Completed,
  Encrypted,
  StarttlsStripped,
  StarttlsNotOffered,  // live only
  StarttlsRefused,
  TlsStalled,
  TlsFailed,
  GreetingRefused,
  GreetingTemporary,
  ProtocolError,
  Closed,
  NoGreeting,
  Reset,
  Stalled,
  Refused,
  Rejected,
  Dropped,
  Unfinished,
  Partial,
};
/// All of them, in that order.
inline constexpr std::array kOutcomes{
    Outcome::Delivered,
    Outcome::MessageRefused,
    Outcome::AuthFailed,
    Outcome::CertificateInvalid,
    Outcome::Ok,
    Outcome::Completed,
    Outcome::Encrypted,
    Outcome::StarttlsStripped,
    Outcome::StarttlsNotOffered,
    Outcome::StarttlsRefused,
    Outcome::TlsStalled,
    Outcome::TlsFailed,
    Outcome::GreetingRefused,
    Outcome::GreetingTemporary,
    Outcome::ProtocolError,
    Outcome::Closed,
    Outcome::NoGreeting,
    Outcome::Reset,
    Outcome::Stalled,
    Outcome::Refused,
    Outcome::Rejected,
    Outcome::Dropped,
    Outcome::Unfinished,
    Outcome::Partial,
};
/// "message-refused", …
std::string_view to_string(Outcome outcome);

/// Whether it is one that the reader has to look at: neither success nor too little seen.
bool is_failure(Outcome outcome);

enum class Stage : std::uint8_t { Syn, Greeting, Ehlo, StartTls, Tls, Auth, Mail, Rcpt, Data, Quit };
std::string_view to_string(Stage stage);

enum class ResetBy : std::uint8_t { Client, Server, Path };
std::string_view to_string(ResetBy who);

enum class ClosedBy : std::uint8_t { Client, Server, Both };
std::string_view to_string(ClosedBy who);

struct SessionVerdict {
  /// The rule that decided, as docs/outcomes.md names it.
  std::string_view rule;
  Outcome outcome = Outcome::Partial;
  /// Where it ended.
  Stage stage = Stage::Syn;
  /// Who sent the reset that mattered; a reset after FIN does not. Path: forged, neither end sent it.
  std::optional<ResetBy> reset_by;
  std::optional<ClosedBy> closed_by;
  /// Something on the way changes the dialogue: masked greeting, masked STARTTLS.
  bool is_meddled_with = false;
  /// Somebody has to look at it: a failure by its outcome, unless nobody wanted to send mail (`is_probe`), or an
  /// outcome that is none although mail was lost on the way to it (reset or stalled under encryption, EHLO refused).
  bool has_failed = false;
  /// A scanner, a traceroute or a port check rather than a client of mail.
  bool is_probe = false;
  /// Large segments vanish where small ones pass: a path-MTU black hole, whatever the outcome.
  bool is_black_hole = false;
  /// The ICMP error that mattered, or the first.
  std::optional<session::IcmpNote> icmp;
  /// What happened and why, in plain words with its figures, on one line. Text from the network in it is not yet
  /// escaped, but has no line breaks.
  std::string text;
  /// More sentences of that kind: doubts, meddling, what the capture lacks.
  std::vector<std::string> notes;
};

/// Exactly one outcome for any session.
SessionVerdict diagnose(const session::Session& session);

}  // namespace smtpath::verdict
