#pragma once

// The judge of our own visit to a mail port: from what our client heard, what TLS showed and what the packets of the
// connection show to one outcome, the stage at which it ended, and a sentence. docs/mail.md lists the rules in their
// order. The outcomes are those of captured connections (outcome.h); where neither end's word explains an ending, the
// judge of those is asked.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/tls.h"
#include "smtpath/session/session.h"
#include "smtpath/smtp/visit.h"
#include "smtpath/verdict/outcome.h"

namespace smtpath::verdict {

/// How far the connection itself came.
enum class ConnectEnd : std::uint8_t { Established, Refused, Unreachable, TimedOut, Interrupted };

/// What was done otherwise when a handshake failed, each in a connection of its own.
enum class Retry : std::uint8_t {
  /// A ClientHello that fits one small segment.
  SmallHello,
  /// A low maximum segment size, so that neither side sends big packets.
  SmallSegments,
};

struct RetryResult {
  Retry retry = Retry::SmallHello;
  facts::TlsEnd end = facts::TlsEnd::TimedOut;
  friend bool operator==(const RetryResult&, const RetryResult&) = default;
};

/// What our side knows of one visit, as the edge found it out.
struct MailFacts {
  Port port;
  /// Of the connection; absent where none was tried.
  std::optional<Port> source_port;
  bool begins_with_tls = false;
  /// That the certificate may be for; empty: the target is an address, and nobody knows.
  std::vector<std::string> names;
  /// When it ended, for what a certificate's dates mean.
  Time at;
  ConnectEnd connect = ConnectEnd::Established;
  /// Of the name's addresses; absent: the target is an address.
  std::optional<Duration> lookup_time;
  /// From the SYN to the connection, as the system saw it.
  std::optional<Duration> connect_time;
  smtp::VisitStage stage = smtp::VisitStage::Greeting;
  smtp::VisitEnd end = smtp::VisitEnd::Interrupted;
  Duration waited{};

  std::optional<smtp::Reply> greeting;
  bool is_greeting_masked = false;
  /// The last reply to EHLO (or HELO), and what it offered: in the clear, and inside TLS.
  std::optional<smtp::Reply> ehlo;
  std::vector<std::string> extensions;
  std::vector<std::string> extensions_in_tls;
  bool is_starttls_offered = false;
  bool is_starttls_masked = false;
  bool is_starttls_asked = false;
  std::optional<smtp::Reply> starttls;
  /// The last reply of all, and the last that nobody asked for (421).
  std::optional<smtp::Reply> last_reply;
  std::optional<smtp::Reply> unsolicited;
  std::uint64_t smuggled_bytes = 0;
  std::uint32_t odd_lines = 0;
  std::optional<smtp::AuthAttempt> auth;

  std::optional<Duration> greeting_time;
  std::optional<Duration> ehlo_time;
  std::optional<Duration> starttls_time;
  std::optional<Duration> tls_time;

  std::optional<facts::TlsResult> tls;
  std::vector<RetryResult> retries;
};

/// Copies what the client's visit came to into the facts of its port.
void take_in(MailFacts& facts, const smtp::Visit& visit);

struct MailVerdict {
  /// The rule that decided, as docs/mail.md names it.
  std::string rule;
  Outcome outcome = Outcome::Unfinished;
  Stage stage = Stage::Syn;
  /// The reply that mattered.
  std::optional<smtp::Reply> reply;
  /// Who sent the reset that mattered.
  std::optional<ResetBy> reset_by;
  /// Packets above some size vanish: the path's MTU is smaller than either end is told.
  bool is_black_hole = false;
  /// Something on the way changes the dialogue.
  bool is_meddled_with = false;
  /// What happened and why, in plain words on one line. Text from the network in it is not yet escaped.
  std::string text;
  /// More sentences of that kind.
  std::vector<std::string> notes;
};

/// `packets` are those of the visit's connection; null where the capture has none.
MailVerdict judge_visit(const MailFacts& facts, const session::Session* packets);

/// A visit, and what is said of it.
struct JudgedVisit {
  MailFacts facts;
  MailVerdict verdict;
};

/// Visits to several ports of one host, each with the connection among `connections` that is its own; and what they
/// show together: STARTTLS that one port lacks and another has.
std::vector<JudgedVisit> judge_visits(std::vector<MailFacts> visits, std::span<const session::Session> connections);

/// Whether mail can be handed over at the port as far as the visit shows. Between servers (port 25), mail goes on
/// without TLS and with certificates that nobody vouches for (RFC 3207, 7435); clients that submit mail do not.
bool is_usable(Outcome outcome, Port port);

}  // namespace smtpath::verdict
