#include "verdict/opening_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using session::IcmpNote;
using session::Session;

/// A SYN is repeated after a second (RFC 6298); one that nobody repeats has waited long enough after three.
constexpr Duration kRepeatedSynWait = std::chrono::seconds(1);
constexpr Duration kSingleSynWait = std::chrono::seconds(3);
/// A SYN with so little left of its TTL was meant to expire on the way: hosts begin with 64 or more.
constexpr Ttl kTracingTtl{30};
constexpr std::size_t kSynsShown = 6;

constexpr std::uint8_t kUnreachableV4 = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;
constexpr std::uint8_t kUnreachableV6 = 1;

bool is_rejection(const IcmpNote& note) {
  if (note.from.is_ipv4()) return note.type == kUnreachableV4 && note.code != kFragmentationNeeded;
  return note.type == kUnreachableV6;
}

bool is_unanswered(const SessionCase& evidence) {
  return evidence.is_unopened() && evidence.session.has_syn() && evidence.session.syn_acks == 0;
}

std::string syn_words(const SessionCase& evidence) {
  const Session& session = evidence.session;
  std::string words = number_of(session.syn_sent, "SYN");
  if (session.syn_times.size() < 2) return words;
  words += " (at 0";
  for (std::size_t i = 1; i < std::min(session.syn_times.size(), kSynsShown); ++i) {
    const double seconds = to_milliseconds(between(session.syn_times.front(), session.syn_times[i])) / 1000;
    words += fmt::format(", {:.1f}", seconds);
  }
  return words + (session.syn_sent > kSynsShown ? ", ... s)" : " s)");
}

/// Nobody wanted to send mail.
Ruling ruling_of(std::string text, const Session& session) {
  if (!is_tracing(session)) return {.text = std::move(text), .stage = Stage::Syn};
  return {.text = fmt::format("{} {}", text, tracing_words(session)),
          .stage = Stage::Syn,
          .has_failed = false,
          .is_probe = true};
}

}  // namespace

bool is_tracing(const Session& session) {
  const auto& ttls = session.syn_ttls;
  const bool has_low = std::any_of(ttls.begin(), ttls.end(), [](Ttl ttl) { return ttl <= kTracingTtl; });
  return has_low && session.syn_acks == 0;
}

std::string tracing_words(const Session& session) {
  const auto [low, high] = std::minmax_element(session.syn_ttls.begin(), session.syn_ttls.end());
  if (*low == *high) return fmt::format("Its TTL of {} on the wire is that of a traceroute.", low->hops);
  return fmt::format("TTLs from {} to {} are those of a traceroute.", low->hops, high->hops);
}

const IcmpNote* telling_icmp(const Session& session) {
  const auto& notes = session.icmp;
  auto note = std::find_if(notes.begin(), notes.end(),
                           [](const IcmpNote& each) { return each.is_before_answer && is_rejection(each); });
  if (note == notes.end()) note = std::find_if(notes.begin(), notes.end(), is_rejection);
  if (note == notes.end()) note = notes.begin();
  return note == notes.end() ? nullptr : &*note;
}

std::optional<Ruling> opening_refused(const SessionCase& evidence) {
  if (!is_unanswered(evidence) || !evidence.reset || evidence.reset->by != ResetBy::Server) return std::nullopt;
  const Session& session = evidence.session;
  std::string text = "The server refused the connection with a reset";
  if (session.syn_sent > 1) text += fmt::format(", {} SYNs in a row", session.syn_sent);
  text += ": nobody listens on the port, or a filter answers so.";
  return ruling_of(std::move(text), session);
}

std::optional<Ruling> opening_rejected(const SessionCase& evidence) {
  if (!is_unanswered(evidence)) return std::nullopt;
  const IcmpNote* note = telling_icmp(evidence.session);
  if (note == nullptr || !is_rejection(*note)) return std::nullopt;
  const bool is_server = note->from == evidence.session.server.address;
  return ruling_of(fmt::format("{} says no to the connection after {}: {}.", icmp_words(*note), syn_words(evidence),
                               is_server ? "the server itself rejects it" : "something on the way rejects it"),
                   evidence.session);
}

std::optional<Ruling> opening_unanswered(const SessionCase& evidence) {
  if (!is_unanswered(evidence) || evidence.reset) return std::nullopt;
  const Session& session = evidence.session;
  const Time first = session.syn_times.empty() ? session.first : session.syn_times.front();
  const Duration waited = between(first, session.end);
  if (waited < (session.syn_sent > 1 ? kRepeatedSynWait : kSingleSynWait)) return std::nullopt;
  std::string text = fmt::format("Nothing answered {} in {}", syn_words(evidence), time_words(waited));
  const IcmpNote* note = telling_icmp(session);
  if (note != nullptr) text += fmt::format(", but for {}", icmp_words(*note));
  if (is_tracing(session)) return ruling_of(text + '.', session);
  const char* them = session.syn_sent == 1 ? "it" : "them";
  return ruling_of(fmt::format("{}: the server or something on the way drops {}.", text, them), session);
}

}  // namespace smtpath::verdict
