#pragma once

// The judge of whole connections: from what the packets of one show to one outcome, the stage at which it ended, who
// did it, and a sentence. docs/outcomes.md lists the rules in their order. It knows neither whether the connection is
// live nor how the outcome is shown.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
  Outcome outcome = Outcome::Partial;
  /// Where it ended.
  Stage stage = Stage::Syn;
  /// Who sent the reset that mattered; a reset after FIN does not. Path: forged, neither end sent it.
  std::optional<ResetBy> reset_by;
  std::optional<ClosedBy> closed_by;
  /// Something on the way changes the dialogue: masked greeting, masked STARTTLS.
  bool is_meddled_with = false;
  /// One sentence in plain words with its figures. Text from the network in it is not yet escaped.
  std::string text;
};

SessionVerdict diagnose(const session::Session& session);

}  // namespace smtpath::verdict
