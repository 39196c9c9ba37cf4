// Which SYN-ACKs are worth asking nowhere about.

#include "probing/suspicion.h"

#include <gtest/gtest.h>

#include <vector>

#include "unit/path/trace_builder.h"

namespace smtpath::probing {
namespace {

using namespace std::chrono_literals;
using test::TraceBuilder;

constexpr Port kSmtp{25};

/// Of port 25, if its SYN-ACKs have this window and those of other ports one of 1.
bool is_suspicious(const TraceBuilder& builder, std::uint16_t window) {
  path::PathTrace trace = builder;
  for (path::FlowTrace& flow : trace.flows) {
    for (path::Probe& probe : flow.probes) {
      for (path::Reply& reply : probe.replies) {
        if (reply.tcp) reply.tcp->window = flow.destination_port == kSmtp ? window : std::uint16_t{1};
      }
    }
  }
  const Situation situation = assess(trace, builder.plan(), Time(1'700'000'100s), {});
  return is_suspicious(situation, situation.path_of(kSmtp));
}

/// The echo shows the host at hop 6, and port 587 is accepted there.
TraceBuilder host_at_6() {
  return TraceBuilder().echo_at(6).port(587).routers(1, 5).syn_ack(6).port(25).routers(1, 5);
}

TraceBuilder alone() {
  return TraceBuilder().port(25).routers(1, 5);
}

struct Row {
  const char* what;
  TraceBuilder trace;
  bool is_suspicious;
};

std::vector<Row> rows() {
  return {
      {"it was not answered", host_at_6().silent(6), false},
      {"it was refused", host_at_6().rst(6), false},
      {"it was rejected", host_at_6().unreachable(30, 13, TraceBuilder::router(3), 3), false},
      {"one hop short of the host", host_at_6().syn_ack(5), true},
      {"two hops short is proof already", host_at_6().syn_ack(4), false},
      {"like that of another port", host_at_6().syn_ack(6), false},
      {"it came back another way than that of another port", host_at_6().syn_ack(6).arrived_with(250), true},
      {"the target says that it passes the port on",
       host_at_6().time_exceeded(6, TraceBuilder::target()).syn_ack(7).arrived_with(250), false},
      {"nothing else answered, and nothing shows where the host is", alone().syn_ack(6), true},
      {"nothing else answered, but the echo", alone().syn_ack(6).echo_at(6), false},
      {"another port was refused", alone().syn_ack(6).port(587).rst(6), false},
  };
}

TEST(Suspicion, IsOnSynAcksThatMayBeSomebodyElses) {
  for (const Row& row : rows()) EXPECT_EQ(is_suspicious(row.trace, 1), row.is_suspicious) << row.what;
}

// A SYN proxy lets nobody send before it knows that the client is one.
TEST(Suspicion, IsOnAWindowOfZero) {
  EXPECT_TRUE(is_suspicious(host_at_6().syn_ack(6), 0));
  EXPECT_FALSE(is_suspicious(host_at_6().rst(6), 0));
}

}  // namespace
}  // namespace smtpath::probing
