#pragma once

// What a run found, as values ready to be written in any format: its beginning, its targets one by one, its ending. The
// fields are those of docs/report.md; writers are pure functions from these values to text and know nothing else.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/target_error.h"
#include "smtpath/facts/vantage.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/verdict/mail.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::report {

struct IcmpReport {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  IpAddress from;
};

/// The port's final answer, or its absence (`kind` empty: written as "none", every other field null).
struct AnswerReport {
  std::optional<path::ReplyKind> kind;
  std::optional<IpAddress> from;
  /// As it arrived.
  std::optional<Ttl> ttl;
  std::optional<Ttl> elicit;
  std::optional<int> back;
  std::optional<Duration> rtt;
  std::optional<IcmpReport> icmp;
};

struct FlowReport {
  int id = 0;
  Port source_port;
  std::optional<path::ReplyKind> kind;
  std::optional<Ttl> elicit;
};

struct ReplyReport {
  path::ReplyKind kind = path::ReplyKind::TimeExceeded;
  IpAddress from;
  int flow = 0;
  Duration rtt{};
  Ttl ttl;
  /// Of an icmp-unreachable.
  std::optional<IcmpReport> icmp;
  std::vector<wire::MplsLabel> mpls;
  /// Of an ICMP error: the TTL that the probe had where it died.
  std::optional<Ttl> quoted_ttl{};
  /// Of an ICMP error: what it quotes otherwise than it was sent.
  std::vector<path::QuoteChange> changes{};
};

struct HopReport {
  Ttl ttl;
  int sent = 0;
  std::vector<ReplyReport> replies;
};

struct PortReport {
  Port port;
  /// An anchor that was asked is reported as a control.
  path::Role role = path::Role::Subject;
  verdict::Verdict verdict;
  AnswerReport answer;
  std::vector<FlowReport> flows;
  /// By rising TTL; TTLs that were never probed are left out.
  std::vector<HopReport> hops;
  /// What our own visit to the port came to; absent: it was not open, or no visit was wanted.
  std::optional<verdict::JudgedVisit> mail{};
};

/// Something that the packets of a path show and no verdict rests on.
struct Remark {
  /// "rewritten", "path-changed", …: docs/report.md.
  std::string kind;
  /// The nearest hop that it is about.
  Ttl ttl;
  std::string text;
};

struct TargetReport {
  /// As the user wrote it.
  std::string target;
  std::optional<IpAddress> address;
  /// Of the address in hops; absent when nothing fixed it.
  std::optional<Ttl> distance;
  std::optional<facts::TargetError> error;
  std::optional<facts::Vantage> source;
  std::vector<std::string> notes;
  /// One conclusion in plain words.
  std::string conclusion;
  std::vector<PortReport> ports;
  std::vector<Remark> remarks{};
};

enum class Mode : std::uint8_t { Live, Offline };

struct CaptureReport {
  std::uint64_t packets = 0;
  std::uint64_t dropped = 0;
  /// Count by the reason's name; reasons that did not occur are left out.
  std::map<std::string, std::uint64_t> undecodable;
};

/// What is known of a run before its first target is.
struct RunBeginning {
  std::string version;
  Mode mode = Mode::Live;
  Time started;
};

/// What is known of a run after its last target.
struct RunEnding {
  CaptureReport capture;
  Duration elapsed{};
};

}  // namespace smtpath::report
