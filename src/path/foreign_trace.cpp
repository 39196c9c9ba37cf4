#include "path/foreign_trace.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "path/as_seen.h"
#include "path/attribution.h"
#include "smtpath/path/port_path.h"

namespace smtpath::path {

namespace {

constexpr std::size_t kMostProbes = 1024;

/// A packet that is passed on takes no longer than this to be seen again.
constexpr Duration kPassedOn = std::chrono::seconds(2);
/// The same packet on another interface of the same host.
constexpr Duration kOnAnotherInterface = std::chrono::milliseconds(10);
/// Tools that keep the tuple wait at least so long for the answer before they send the next probe.
constexpr Duration kToolsWait = std::chrono::seconds(1);

/// By so many TTLs that are each one or two above the one before a trace is known that drew no error, and one that drew
/// errors from one hop only.
constexpr std::size_t kClimbWithoutErrors = 4;
constexpr std::size_t kClimb = 3;

bool has_expired(const Probe& probe) {
  return std::any_of(probe.replies.begin(), probe.replies.end(),
                     [](const Reply& reply) { return reply.kind == ReplyKind::TimeExceeded; });
}

/// A tool that waits for each answer waits for this probe's.
bool is_awaited(const Probe& probe, Time now) {
  return !has_expired(probe) && now - probe.sent <= kToolsWait;
}

void append(const FlowTrace& flow, FlowTrace& whole) {
  for (const Probe& probe : flow.probes) {
    whole.probes.push_back(probe);
    whole.probes.back().number = static_cast<std::uint16_t>(whole.probes.size());
  }
  whole.unattributed.insert(whole.unattributed.end(), flow.unattributed.begin(), flow.unattributed.end());
}

}  // namespace

std::size_t AskingHash::operator()(const Asking& asking) const noexcept {
  const std::hash<IpAddress> hash;
  return hash(asking.destination) ^ (hash(asking.source) << 1U) ^ (std::size_t{asking.port.number} << 5U);
}

bool ForeignTrace::note_probe(Time now, const wire::Packet& packet, const Token& token,
                              std::optional<std::uint32_t> timestamp) {
  last_ = now;
  if (probes_ == kMostProbes) return false;
  SentFlow& flow = flow_of(token);
  const Mark mark{
      .identification = packet.ip.identification, .timestamp = timestamp, .last_seen = now, .lowest = packet.ip.ttl};
  if (is_seen_again(flow, now, mark)) return true;
  flow.marks.push_back(mark);
  flow.trace.probes.push_back(probe_of(packet, static_cast<std::uint16_t>(flow.marks.size()), now));
  if (probes_++ == 0) first_ = now;
  note_ttl(packet.ip.ttl);
  return true;
}

ForeignTrace::SentFlow& ForeignTrace::flow_of(const Token& token) {
  const auto [found, is_new] = index_.try_emplace(token, flows_.size());
  if (is_new) {
    flows_.push_back(
        {.token = token,
         .trace = {.source_port = Port{token.port}, .destination_port = asking_.port, .probes = {}, .unattributed = {}},
         .marks = {}});
  }
  return flows_[found->second];
}

bool ForeignTrace::is_seen_again(SentFlow& flow, Time now, const Mark& mark) {
  const auto known = std::find_if(flow.marks.begin(), flow.marks.end(), [&](const Mark& other) {
    const bool is_same = other.identification == mark.identification && other.timestamp == mark.timestamp;
    const Duration since = now - other.last_seen;
    const bool is_farther = mark.lowest < other.lowest && since <= kPassedOn;
    return is_same && (is_farther || (mark.lowest == other.lowest && since <= kOnAnotherInterface));
  });
  if (known == flow.marks.end()) return false;
  known->last_seen = now;
  known->lowest = mark.lowest;
  return true;
}

void ForeignTrace::note_ttl(Ttl ttl) {
  highest_ = std::max(highest_, ttl);
  if (std::find(ttls_.begin(), ttls_.end(), ttl) == ttls_.end()) ttls_.push_back(ttl);
}

void ForeignTrace::note_answer(Time now, const wire::Packet& packet, const wire::TcpSegment& segment) {
  const auto kind = answer_kind(segment.flags);
  if (!kind) return;
  const std::uint16_t port = segment.destination_port.number;
  SentFlow* flow = flow_with({.port = port, .sequence = segment.acknowledgment - 1});
  if (flow == nullptr) flow = flow_with({.port = port, .sequence = segment.acknowledgment});
  if (flow == nullptr || !acknowledges(segment, flow->token.sequence)) return;

  FlowTrace& trace = flow->trace;
  Probe* probe = only_candidate(trace);
  if (probe == nullptr && segment.options.timestamps) {
    const std::uint32_t echo = segment.options.timestamps->echo;
    probe = only_candidate(trace, [&](const Probe& sent) { return flow->marks[sent.number - 1U].timestamp == echo; });
  }
  if (probe == nullptr) {
    probe = only_candidate(trace, [&](const Probe& sent) { return is_awaited(sent, now); });
  }
  keep_reply(reply_of(packet, segment, *kind, now), probe, *flow);
}

void ForeignTrace::note_echo_reply(Time now, const wire::Packet& packet, const wire::Echo& echo) {
  SentFlow* flow = flow_with({.port = echo.identifier, .sequence = echo.sequence});
  if (flow == nullptr) return;
  keep_reply(reply_of(packet, ReplyKind::EchoReply, now), only_candidate(flow->trace), *flow);
}

void ForeignTrace::note_error(Time now, const wire::Packet& packet, const wire::IcmpError& error, const Token& quoted) {
  const auto kind = error_kind(error.kind);
  SentFlow* flow = flow_with(quoted);
  if (!kind || flow == nullptr) return;
  const wire::IpHeader& ip = error.quote->ip;
  const auto* tcp = std::get_if<wire::QuotedTcp>(&error.quote->transport);
  const bool has_timestamp = tcp != nullptr && tcp->options.timestamps.has_value();
  Probe* probe = only_candidate(flow->trace, [&](const Probe& sent) {
    const Mark& mark = flow->marks[sent.number - 1U];
    const bool is_other = has_timestamp && mark.timestamp && *mark.timestamp != tcp->options.timestamps->value;
    return !is_other && (!ip.source.is_ipv4() || mark.identification == ip.identification);
  });
  Reply reply = held_against(probe, error, reply_of(packet, error, *kind, now));
  if (probe == nullptr) probe = only_candidate(flow->trace);
  if (probe == nullptr) {
    probe = only_candidate(flow->trace, [&](const Probe& sent) { return is_awaited(sent, now); });
  }
  if (ip.destination != asking_.destination) reply.icmp->translated_to = ip.destination;
  keep_reply(std::move(reply), probe, *flow);
}

void ForeignTrace::keep_reply(Reply reply, Probe* probe, SentFlow& flow) {
  const ReplyKind kind = reply.kind;
  if (!keep(std::move(reply), probe, flow.trace)) return;
  ++replies_;
  if (probe == nullptr) return;
  if (kind == ReplyKind::TimeExceeded) expired_.insert(probe->ttl);
  if (is_final(kind) || kind == ReplyKind::EchoReply) answered_.insert(probe->ttl);
}

ForeignTrace::SentFlow* ForeignTrace::flow_with(const Token& token) {
  const auto found = index_.find(token);
  return found == index_.end() ? nullptr : &flows_[found->second];
}

ForeignTrace::Standing ForeignTrace::standing() const {
  if (ttls_.size() < 2) return Standing::Fresh;
  return expired_.empty() ? Standing::Rising : Standing::Expiring;
}

bool ForeignTrace::left_from(Port source_port) const {
  return std::any_of(flows_.begin(), flows_.end(),
                     [&](const SentFlow& flow) { return flow.trace.source_port == source_port; });
}

std::vector<Token> ForeignTrace::tokens() const {
  std::vector<Token> tokens;
  tokens.reserve(flows_.size());
  for (const SentFlow& flow : flows_) tokens.push_back(flow.token);
  return tokens;
}

bool ForeignTrace::is_trace() const {
  // Routers said of several TTLs that they were too low, and there were more: nobody but a trace does that.
  if (expired_.size() >= 2) return ttls_.size() > 2 || !answered_.empty();
  if (!climbs()) return false;
  if (expired_.size() == 1) {
    const bool is_complete = !answered_.empty() && *answered_.begin() > *expired_.begin();
    return ttls_.size() >= kClimb || is_complete;
  }
  // Where all are answered and none expires, this is where the trace arrives.
  return answered_.empty() && ttls_.front() == Ttl{1} && ttls_.size() >= kClimbWithoutErrors;
}

bool ForeignTrace::climbs() const {
  constexpr int kMostStep = 2;
  return std::adjacent_find(ttls_.begin(), ttls_.end(), [](Ttl before, Ttl after) {
           return after < before || after - before > kMostStep;
         }) == ttls_.end();
}

std::vector<FlowTrace> ForeignTrace::flows() const {
  std::unordered_map<std::uint16_t, std::size_t> places;
  std::vector<FlowTrace> by_port;
  for (const SentFlow& flow : flows_) {
    const auto [place, is_new] = places.try_emplace(flow.token.port, by_port.size());
    if (is_new) {
      by_port.push_back({.slot = static_cast<std::uint16_t>(by_port.size()),
                         .source_port = flow.trace.source_port,
                         .destination_port = asking_.port,
                         .probes = {},
                         .unattributed = {}});
    }
    append(flow.trace, by_port[place->second]);
  }
  return by_port;
}

FlowTrace ForeignTrace::merged() const {
  FlowTrace all;
  for (const SentFlow& flow : flows_) append(flow.trace, all);
  return all;
}

}  // namespace smtpath::path
