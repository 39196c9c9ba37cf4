// What this host does to its own probes: they are refused, swallowed, or wait for a next hop.

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <variant>

#include "smtpath/wire/decode.h"
#include "support/network_builder.h"
#include "support/usual_paths.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using verdict::Kind;
using verdict::Place;
using Fate = ThisHost::Fate;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};

NetworkPath open_server() {
  return routers(5).server().open(kSmtp).open(kSubmission);
}

bool is_to(const wire::Packet& packet, Port port) {
  const auto* segment = std::get_if<wire::TcpSegment>(&packet.payload);
  return segment != nullptr && segment->destination_port == port;
}

/// Everything meets `fate`.
ThisHost stops_all(Fate fate) {
  return {.fate_of = [fate](const wire::Packet&) { return fate; }};
}

/// Only what goes to port 25 meets `fate`.
ThisHost stops_smtp(Fate fate) {
  return {.fate_of = [fate](const wire::Packet& packet) { return is_to(packet, kSmtp) ? fate : Fate::Leaves; },
          .refusal = EPERM};
}

Traced trace_from(const ThisHost& host) {
  return trace(open_server(), {.ports = mail_ports_and_anchors(), .host = host});
}

std::size_t probes_to(const Traced& traced, Port port) {
  std::size_t count = 0;
  for (const path::FlowTrace& flow : traced.run.observer.trace(0).flows) {
    if (flow.destination_port == port) count += flow.probes.size();
  }
  return count;
}

TEST(ThisHost, ThatSwallowsAPortIsFoundOutByAFewProbesFromSeveralSourcePorts) {
  const Traced traced = trace_from(stops_smtp(Fate::Swallowed));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Dropped);
  EXPECT_EQ(traced.verdict_of(kSmtp).location->place, Place::Local);
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
  EXPECT_GE(traced.source_ports_of(kSmtp), 3U);
  EXPECT_LE(probes_to(traced, kSmtp), 10U);
  EXPECT_GE(traced.run.duration(), 1s) << "the two are a second apart";
  EXPECT_LT(traced.run.duration(), 3500ms) << "nothing is waited for that others have";
}

TEST(ThisHost, ThatRefusesAPortIsAskedTwice) {
  const Traced traced = trace_from(stops_smtp(Fate::Refused));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Dropped);
  EXPECT_EQ(traced.verdict_of(kSmtp).location->place, Place::Local);
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
  EXPECT_EQ(probes_to(traced, kSmtp), 2U);
  EXPECT_LT(traced.run.duration(), 500ms);
}

TEST(ThisHost, WaitsForItsKernelToGiveUpTheNextHop) {
  const Traced traced = trace_from(stops_all(Fate::Waits));
  for (const Port port : {kSmtp, kSubmission}) {
    EXPECT_EQ(traced.verdict_of(port).kind, Kind::Unreachable) << port.number;
    EXPECT_EQ(traced.verdict_of(port).location->place, Place::Local) << port.number;
  }
  EXPECT_GE(traced.run.duration(), kNeighborGivenUp);
  EXPECT_LT(traced.run.duration(), 6s);
}

TEST(ThisHost, EndsThoughNothingLeavesAndNobodySaysWhy) {
  const Traced traced = trace_from(stops_all(Fate::Swallowed));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Inconclusive);
  EXPECT_GE(traced.run.duration(), 3500ms);
  EXPECT_LT(traced.run.duration(), 6s);
}

TEST(ThisHost, ThatFindsItsNextHopLateTracesAsUsual) {
  for (const Duration found : {Duration(150ms), Duration(900ms), Duration(2500ms)}) {
    ThisHost host = stops_all(Fate::Waits);
    host.next_hop_found = found;
    const Traced traced = trace_from(host);
    EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Open) << to_milliseconds(found) << " ms";
    EXPECT_EQ(traced.verdict_of(Port{465}).kind, Kind::Refused) << to_milliseconds(found) << " ms";
    ASSERT_TRUE(traced.diagnosis.distance) << to_milliseconds(found) << " ms";
    EXPECT_EQ(traced.diagnosis.distance->ttl, Ttl{6});
  }
}

TEST(ThisHost, SendsFromTheSourceThatAPortHas) {
  const IpAddress other = IpAddress::v4(std::array{std::byte{192}, std::byte{0}, std::byte{2}, std::byte{77}});
  const NetworkPath path = open_server();
  const path::Plan plan = plan_for(path, {{.port = kSmtp, .source = other}, {.port = kSubmission}});
  Network network(path, 1);
  const Simulation simulation = run(plan, network, {}, Recording::On);
  for (const RecordedFrame& frame : simulation.frames) {
    const auto decoded = wire::decode(LinkType::Raw, frame.bytes);
    const auto& packet = std::get<wire::Packet>(decoded);
    const auto* segment = std::get_if<wire::TcpSegment>(&packet.payload);
    if (segment == nullptr || !segment->flags.syn || segment->flags.ack) continue;
    EXPECT_EQ(packet.ip.source, is_to(packet, kSmtp) ? other : path.client);
  }
}

}  // namespace
}  // namespace smtpath::test
