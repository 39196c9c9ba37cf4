#include "unit/verdict/random_trace.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>

namespace smtpath::test {

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int between(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  bool one_in(int count) { return between(1, count) == 1; }

 private:
  std::mt19937_64 random_;
};

IpAddress any_router(Dice& dice) {
  return dice.one_in(12) ? TraceBuilder::target() : TraceBuilder::router(dice.between(1, 12));
}

void add_probe(TraceBuilder& trace, Dice& dice, bool is_echo) {
  const int ttl = dice.one_in(4) ? 30 : dice.between(1, 12);
  switch (dice.between(0, 7)) {
    case 0:
    case 1:
      trace.time_exceeded(ttl, any_router(dice));
      break;
    case 2:
      trace.router_answers(std::min(ttl, 12));
      break;
    case 3:
      trace.unreachable(ttl, dice.between(0, 15), any_router(dice), dice.between(0, 31));
      break;
    case 4:
      if (is_echo) {
        trace.echo_reply(ttl);
      } else {
        trace.syn_ack(ttl).arrived_with(dice.between(0, 255));
      }
      break;
    case 5:
      if (!is_echo) trace.rst(ttl).arrived_with(dice.between(0, 255));
      break;
    case 6:
      if (!is_echo && dice.one_in(3)) trace.refused(dice.one_in(2) ? EPERM : ENETUNREACH);
      break;
    default:
      trace.silent(ttl);
  }
  if (!is_echo && dice.one_in(20)) trace.plain_ack(ttl).unattributed();
  if (!is_echo && dice.one_in(20)) trace.rst(ttl).unattributed();
}

}  // namespace

TraceBuilder random_trace(std::uint64_t seed) {
  constexpr std::array<std::uint16_t, 4> kPorts{25, 587, 443, 80};
  Dice dice(seed);
  TraceBuilder trace;
  const int ports = dice.between(1, static_cast<int>(kPorts.size()));
  for (int i = 0; i < ports; ++i) {
    trace.port(kPorts.at(static_cast<std::size_t>(i)), i < 2 ? path::Role::Subject : path::Role::Anchor);
    const int flows = dice.between(0, 4);
    for (int slot = 0; slot < flows; ++slot) {
      trace.flow(static_cast<std::uint8_t>(slot));
      for (int probes = dice.between(0, 8); probes > 0; --probes) add_probe(trace, dice, false);
    }
  }
  trace.echo();
  for (int probes = dice.between(0, 6); probes > 0; --probes) add_probe(trace, dice, true);
  return trace;
}

bool shows(const path::PathTrace& trace, const IpAddress& address) {
  const auto bears = [&](const path::Reply& reply) { return reply.from == address; };
  const auto is_in = [&](const path::FlowTrace& flow) {
    return std::any_of(flow.unattributed.begin(), flow.unattributed.end(), bears) ||
           std::any_of(flow.probes.begin(), flow.probes.end(), [&](const path::Probe& probe) {
             return std::any_of(probe.replies.begin(), probe.replies.end(), bears);
           });
  };
  return is_in(trace.echo) || std::any_of(trace.flows.begin(), trace.flows.end(), is_in);
}

}  // namespace smtpath::test
