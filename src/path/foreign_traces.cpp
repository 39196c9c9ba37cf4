#include "smtpath/path/foreign_traces.h"

#include <optional>
#include <utility>
#include <variant>

#include "path/foreign_table.h"
#include "path/foreign_targets.h"
#include "path/foreign_trace.h"

namespace smtpath::path {

namespace {

/// No tool that is in use asks for more.
constexpr Ttl kHighest{64};
constexpr std::size_t kMostProbes = 1024;

}  // namespace

struct ForeignTraces::State {
  explicit State(std::vector<Port> ports) : subjects(std::move(ports)) {}

  void handle_tcp(const wire::Packet& packet, const wire::TcpSegment& segment);
  void handle_answer(const wire::Packet& packet, const wire::TcpSegment& segment);
  void handle_echo(const wire::Packet& packet, const wire::Echo& echo);
  void handle_error(const wire::Packet& packet, const wire::IcmpError& error);
  void handle_probe(const wire::Packet& packet, Port port, const Token& token, std::optional<std::uint32_t> timestamp);

  std::vector<Port> subjects;
  ForeignTable table;
  ForeignTraceCounters counters;
  Time now;
};

namespace {

/// Whom the sender of an answer was asked by.
Asking asked_by_receiver(const wire::Packet& answer, Port port) {
  return {.source = answer.ip.destination, .destination = answer.ip.source, .port = port};
}

}  // namespace

ForeignTraces::ForeignTraces(std::vector<Port> subjects) : state_(std::make_unique<State>(std::move(subjects))) {}
ForeignTraces::ForeignTraces(ForeignTraces&&) noexcept = default;
ForeignTraces& ForeignTraces::operator=(ForeignTraces&&) noexcept = default;
ForeignTraces::~ForeignTraces() = default;

void ForeignTraces::handle_packet(Time now, const wire::Packet& packet) {
  if (packet.is_on_loopback) return;
  state_->now = now;
  if (const auto* segment = std::get_if<wire::TcpSegment>(&packet.payload)) return state_->handle_tcp(packet, *segment);
  if (const auto* error = std::get_if<wire::IcmpError>(&packet.payload)) return state_->handle_error(packet, *error);
  if (const auto* echo = std::get_if<wire::Echo>(&packet.payload)) state_->handle_echo(packet, *echo);
}

bool ForeignTraces::is_probe(const IpAddress& source, Port source_port, const IpAddress& destination,
                             Port destination_port) const {
  return state_->table.is_probe({.source = source, .destination = destination, .port = destination_port}, source_port);
}

std::vector<FoundTrace> ForeignTraces::finish() {
  return put_together(state_->table.take(), state_->subjects);
}

ForeignTraceCounters ForeignTraces::counters() const {
  ForeignTraceCounters counters = state_->counters;
  counters.evicted = state_->table.evicted();
  return counters;
}

void ForeignTraces::State::handle_tcp(const wire::Packet& packet, const wire::TcpSegment& segment) {
  const wire::TcpFlags& flags = segment.flags;
  if (flags.syn && !flags.ack && !flags.rst) {
    std::optional<std::uint32_t> timestamp;
    if (segment.options.timestamps) timestamp = segment.options.timestamps->value;
    const Token token{.port = segment.source_port.number, .sequence = segment.sequence};
    return handle_probe(packet, segment.destination_port, token, timestamp);
  }
  const bool is_plain_ack = flags.ack && !flags.fin && segment.payload_length == 0;
  if (flags.syn || flags.rst || is_plain_ack) handle_answer(packet, segment);
}

void ForeignTraces::State::handle_probe(const wire::Packet& packet, Port port, const Token& token,
                                        std::optional<std::uint32_t> timestamp) {
  if (packet.ip.ttl > kHighest) return;
  const Asking asking{.source = packet.ip.source, .destination = packet.ip.destination, .port = port};
  if (!table.may_be_probe(asking, packet.ip.ttl)) return;
  ++counters.probes;
  ForeignTrace* trace = table.makes_room() ? &table.trace_of_probe(now, asking) : nullptr;
  if (trace == nullptr || trace->probes() >= kMostProbes) {
    ++counters.left_out;
    return;
  }
  const std::size_t before = trace->kept();
  trace->note_probe(now, packet, token, timestamp);
  table.note_token(token, asking);
  table.settle(*trace, before);
}

void ForeignTraces::State::handle_answer(const wire::Packet& packet, const wire::TcpSegment& segment) {
  if (table.is_empty() || !table.makes_room()) return;
  ForeignTrace* trace = table.find(asked_by_receiver(packet, segment.source_port));
  if (trace == nullptr) return;
  const std::size_t before = trace->kept();
  trace->note_answer(now, packet, segment);
  table.settle(*trace, before);
}

void ForeignTraces::State::handle_echo(const wire::Packet& packet, const wire::Echo& echo) {
  if (!echo.is_reply) {
    return handle_probe(packet, Port{}, {.port = echo.identifier, .sequence = echo.sequence}, std::nullopt);
  }
  if (table.is_empty() || !table.makes_room()) return;
  ForeignTrace* trace = table.find(asked_by_receiver(packet, Port{}));
  if (trace == nullptr) return;
  const std::size_t before = trace->kept();
  trace->note_echo_reply(now, packet, echo);
  table.settle(*trace, before);
}

void ForeignTraces::State::handle_error(const wire::Packet& packet, const wire::IcmpError& error) {
  if (table.is_empty() || !error.quote || !table.makes_room()) return;
  const wire::IpHeader& ip = error.quote->ip;
  Asking asking{.source = ip.source, .destination = ip.destination, .port = {}};
  Token token;
  if (const auto* tcp = std::get_if<wire::QuotedTcp>(&error.quote->transport)) {
    asking.port = tcp->destination_port;
    token = {.port = tcp->source_port.number, .sequence = tcp->sequence};
  } else if (const auto* echo = std::get_if<wire::QuotedEcho>(&error.quote->transport)) {
    token = {.port = echo->identifier, .sequence = echo->sequence};
  } else {
    return;
  }
  ForeignTrace* trace = table.quoted(asking, token);
  if (trace == nullptr) return;
  const std::size_t before = trace->kept();
  trace->note_error(now, packet, error, token);
  table.settle(*trace, before);
}

}  // namespace smtpath::path
