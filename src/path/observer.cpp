#include "smtpath/path/observer.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include "path/as_seen.h"
#include "path/attribution.h"
#include "path/flow_table.h"
#include "path/next_hops.h"
#include "path/own_probes.h"
#include "path/quoted_syn.h"

namespace smtpath::path {

struct Observer::State {
  explicit State(const Plan& plan) : table(plan), traces(plan.targets.size()), next_hops(plan) {
    for (std::size_t i = 0; i < traces.size(); ++i) {
      traces[i].target = plan.targets[i].address;
      if (const auto nowhere = plan.targets[i].nowhere)
        traces[i].nowhere = NowhereTrace{.address = *nowhere, .flows = {}};
    }
  }

  using Touched = std::optional<std::size_t>;

  Touched handle(const wire::Packet& packet, const Frame& frame);
  Touched handle_tcp(const wire::Packet& packet, const wire::TcpSegment& segment, const Frame& frame);
  bool has_seen(const wire::Packet& packet);
  Touched handle_probe(const wire::Packet& packet, const wire::TcpSegment& syn, const Frame& frame);
  Touched handle_answer(const wire::Packet& packet, const wire::TcpSegment& segment);
  Touched handle_icmp(const wire::Packet& packet, const wire::IcmpError& error);
  Touched handle_quoted_syn(const wire::Packet& packet, const wire::IcmpError& error, const wire::QuotedTcp& quoted);
  Touched handle_echo(const wire::Packet& packet, const wire::Echo& echo, const Frame& frame);
  Touched note_reset_here(const wire::TcpSegment& segment, const PlannedFlow& flow);
  Touched note_probe(Probe probe, FlowTrace& trace, std::size_t target);

  FlowTrace& flow_trace(const PlannedFlow& flow);
  FlowTrace* known_flow(const PlannedFlow& flow);
  Touched stray();
  Touched unproven();
  Touched keep(Reply reply, Probe* probe, FlowTrace& flow, std::size_t target);

  FlowTable table;
  std::vector<PathTrace> traces;
  NextHops next_hops;
  ObserverCounters counters;
  CaptureLoss loss;
  Time now;
};

namespace {

Probe probe_to(const IpAddress& target, const wire::Packet& packet, std::uint16_t number, const Frame& frame) {
  Probe probe = probe_of(packet, number, frame.time);
  probe.refused = frame.refused;
  probe.is_unseen = frame.is_unseen;
  if (packet.ip.destination != target) probe.redirected_to = packet.ip.destination;
  return probe;
}

/// Some echo 0, and say nothing by it.
std::optional<std::uint32_t> echoed_timestamp(const wire::TcpSegment& segment) {
  const auto& timestamps = segment.options.timestamps;
  return timestamps && timestamps->echo != 0 ? std::optional(timestamps->echo) : std::nullopt;
}

}  // namespace

Observer::Observer(const Plan& plan) : state_(std::make_unique<State>(plan)) {}
Observer::Observer(Observer&&) noexcept = default;
Observer& Observer::operator=(Observer&&) noexcept = default;
Observer::~Observer() = default;

std::optional<std::size_t> Observer::handle_frame(const Frame& frame) {
  State& state = *state_;
  ++state.counters.frames;
  state.now = std::max(state.now, frame.time);
  const wire::Decoded decoded = wire::decode(frame.link, frame.bytes);
  if (const auto* reason = std::get_if<wire::Undecodable>(&decoded)) {
    ++state.counters.undecodable.at(static_cast<std::size_t>(*reason));
    return std::nullopt;
  }
  Frame in_order = frame;
  in_order.time = state.now;
  return state.handle(std::get<wire::Packet>(decoded), in_order);
}

bool Observer::has_seen(std::span<const std::byte> packet) const {
  const wire::Decoded decoded = wire::decode(LinkType::Raw, packet);
  const auto* decodable = std::get_if<wire::Packet>(&decoded);
  return decodable != nullptr && state_->has_seen(*decodable);
}

void Observer::note_statistics(Time now, const CaptureStatistics& statistics) {
  state_->loss.note(now, statistics);
  state_->counters.capture = statistics;
}

void Observer::finish(Time end, const CaptureStatistics& statistics) {
  note_statistics(end, statistics);
}

void Observer::release(std::size_t target) {
  PathTrace& trace = state_->traces.at(target);
  state_->table.release(target, trace.target);
  trace = PathTrace{.target = trace.target, .flows = {}, .echo = {}, .next_hop = {}};
}

const CaptureLoss& Observer::capture_loss() const {
  return state_->loss;
}

const PathTrace& Observer::trace(std::size_t target) const {
  return state_->traces.at(target);
}

const ObserverCounters& Observer::counters() const {
  return state_->counters;
}

Observer::State::Touched Observer::State::handle(const wire::Packet& packet, const Frame& frame) {
  if (const auto* segment = std::get_if<wire::TcpSegment>(&packet.payload)) return handle_tcp(packet, *segment, frame);
  if (const auto* error = std::get_if<wire::IcmpError>(&packet.payload)) return handle_icmp(packet, *error);
  if (const auto* echo = std::get_if<wire::Echo>(&packet.payload)) return handle_echo(packet, *echo, frame);
  if (const auto* neighbor = std::get_if<wire::Neighbor>(&packet.payload)) {
    const Touched touched = next_hops.note(packet, *neighbor, traces);
    return touched ? touched : stray();
  }
  return stray();
}

Observer::State::Touched Observer::State::handle_tcp(const wire::Packet& packet, const wire::TcpSegment& segment,
                                                     const Frame& frame) {
  if (segment.flags.syn && !segment.flags.ack && !segment.flags.rst) return handle_probe(packet, segment, frame);
  return handle_answer(packet, segment);
}

bool Observer::State::has_seen(const wire::Packet& packet) {
  Probe* probe = nullptr;
  if (const auto* syn = std::get_if<wire::TcpSegment>(&packet.payload)) {
    const auto mark = own_probe(table, packet, *syn);
    if (!mark) return true;
    FlowTrace* trace = known_flow(mark->flow);
    if (trace != nullptr) probe = find_probe(*trace, mark->number);
  } else if (const auto* echo = std::get_if<wire::Echo>(&packet.payload)) {
    const auto target = table.echo_target(packet.ip.destination, echo->identifier);
    if (!target) return true;
    probe = find_probe(traces[*target].echo, echo->sequence);
  }
  return probe != nullptr && !probe->is_unseen;
}

Observer::State::Touched Observer::State::handle_probe(const wire::Packet& packet, const wire::TcpSegment& syn,
                                                       const Frame& frame) {
  const auto mark = own_probe(table, packet, syn);
  if (!mark || (mark->flow.is_to_nowhere && !traces[mark->flow.target].nowhere)) return stray();
  const Tuple tuple{.source = packet.ip.source,
                    .destination = packet.ip.destination,
                    .source_port = syn.source_port,
                    .destination_port = syn.destination_port};
  if (!table.note_captured(tuple, mark->flow)) return stray();
  const std::size_t target = mark->flow.target;
  const PathTrace& trace = traces[target];
  const IpAddress& address = mark->flow.is_to_nowhere ? trace.nowhere->address : trace.target;
  return note_probe(probe_to(address, packet, mark->number, frame), flow_trace(mark->flow), target);
}

/// A probe that waited for its next hop's address may be given up for unseen and leave after all.
Observer::State::Touched Observer::State::note_probe(Probe probe, FlowTrace& trace, std::size_t target) {
  Probe* known = find_probe(trace, probe.number);
  if (known == nullptr) {
    trace.probes.push_back(std::move(probe));
    return target;
  }
  if (!known->is_unseen || probe.is_unseen) return stray();  // seen already, on another interface
  *known = std::move(probe);
  return target;
}

Observer::State::Touched Observer::State::handle_answer(const wire::Packet& packet, const wire::TcpSegment& segment) {
  const auto flow = table.by_captured({.source = packet.ip.destination,
                                       .destination = packet.ip.source,
                                       .source_port = segment.destination_port,
                                       .destination_port = segment.source_port});
  if (!flow) {
    const auto ours = table.by_captured({.source = packet.ip.source,
                                         .destination = packet.ip.destination,
                                         .source_port = segment.source_port,
                                         .destination_port = segment.destination_port});
    return ours ? note_reset_here(segment, *ours) : stray();
  }
  FlowTrace& trace = flow_trace(*flow);
  const auto kind = answer_kind(segment.flags);
  if (!kind || !acknowledges(segment, flow->mark.sequence)) {
    if (is_ignored_reset(segment, flow->mark.sequence)) ++trace.ignored_resets;
    return unproven();
  }

  std::optional<std::uint16_t> number;
  if (const auto echo = echoed_timestamp(segment)) {
    number = probe_number(*echo, flow->mark);
    if (!number) return unproven();  // clients ignore it: it echoes what was never sent (RFC 7323 section 3.2)
  }
  Probe* probe = number ? find_probe(trace, *number) : only_candidate(trace);
  return keep(reply_of(packet, segment, *kind, now), probe, trace, flow->target);
}

/// This host knows nothing of the connection that a SYN-ACK speaks of, and says so: it frees the server, and shows that
/// the SYN-ACK came through to TCP.
Observer::State::Touched Observer::State::note_reset_here(const wire::TcpSegment& segment, const PlannedFlow& flow) {
  FlowTrace* trace = known_flow(flow);
  if (trace == nullptr || !segment.flags.rst || segment.sequence != flow.mark.sequence + 1) return stray();
  const auto mark = [](std::vector<Reply>& replies) {
    for (Reply& reply : replies) reply.was_reset_here |= reply.kind == ReplyKind::SynAck;
  };
  for (Probe& probe : trace->probes) mark(probe.replies);
  mark(trace->unattributed);
  return stray();
}

Observer::State::Touched Observer::State::handle_icmp(const wire::Packet& packet, const wire::IcmpError& error) {
  if (!error.quote) return stray();
  if (const auto* quoted = std::get_if<wire::QuotedTcp>(&error.quote->transport)) {
    return handle_quoted_syn(packet, error, *quoted);
  }
  const auto* quoted = std::get_if<wire::QuotedEcho>(&error.quote->transport);
  if (quoted == nullptr) return stray();
  const auto target = table.echo_target(error.quote->ip.destination, quoted->identifier);
  const auto kind = error_kind(error.kind);
  if (!target || !kind) return stray();
  FlowTrace& trace = traces[*target].echo;
  Probe* probe = find_probe(trace, quoted->sequence);
  if (probe == nullptr) return unproven();
  return keep(held_against(probe, error, reply_of(packet, error, *kind, now)), probe, trace, *target);
}

Observer::State::Touched Observer::State::handle_quoted_syn(const wire::Packet& packet, const wire::IcmpError& error,
                                                            const wire::QuotedTcp& quoted) {
  const wire::IpHeader& ip = error.quote->ip;
  const QuotedSyn syn = recognise(ip, quoted, table, traces);
  if (!syn.flow) return stray();
  const auto kind = error_kind(error.kind);
  if (!kind || syn.trace == nullptr) return unproven();

  const std::size_t target = syn.flow->target;
  Reply reply = held_against(syn.probe, error, reply_of(packet, error, *kind, now));
  const IpAddress& sent_to = syn.probe != nullptr ? syn.probe->header.destination : traces[target].target;
  if (ip.destination != sent_to) reply.icmp->translated_to = ip.destination;
  return keep(std::move(reply), syn.probe, *syn.trace, target);
}

Observer::State::Touched Observer::State::handle_echo(const wire::Packet& packet, const wire::Echo& echo,
                                                      const Frame& frame) {
  const IpAddress& peer = echo.is_reply ? packet.ip.source : packet.ip.destination;
  const auto target = table.echo_target(peer, echo.identifier);
  if (!target) return stray();
  FlowTrace& trace = traces[*target].echo;
  Probe* probe = find_probe(trace, echo.sequence);
  if (echo.is_reply) {
    return probe == nullptr ? unproven() : keep(reply_of(packet, ReplyKind::EchoReply, now), probe, trace, *target);
  }
  if (echo.sequence == 0 || comes_from_elsewhere(packet)) return stray();
  return note_probe(probe_to(traces[*target].target, packet, echo.sequence, frame), trace, *target);
}

FlowTrace* Observer::State::known_flow(const PlannedFlow& flow) {
  return find_flow(traces[flow.target], flow);
}

FlowTrace& Observer::State::flow_trace(const PlannedFlow& flow) {
  if (FlowTrace* known = known_flow(flow)) return *known;
  PathTrace& trace = traces[flow.target];
  auto& flows = flow.is_to_nowhere ? trace.nowhere->flows : trace.flows;
  return flows.emplace_back(FlowTrace{.slot = flow.slot,
                                      .source_port = flow.source_port,
                                      .destination_port = flow.destination_port,
                                      .probes = {},
                                      .unattributed = {}});
}

Observer::State::Touched Observer::State::stray() {
  ++counters.strays;
  return std::nullopt;
}

Observer::State::Touched Observer::State::unproven() {
  ++counters.unproven;
  return std::nullopt;
}

Observer::State::Touched Observer::State::keep(Reply reply, Probe* probe, FlowTrace& flow, std::size_t target) {
  if (path::keep(std::move(reply), probe, flow)) return target;
  ++counters.repeated;
  return std::nullopt;
}

}  // namespace smtpath::path
