// Each rule where it decides, and right beside where it must not.

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

#include "unit/verdict/judgement.h"
#include "verdict/rules.h"

namespace smtpath::test {
namespace {

IpAddress router(int hop) {
  return TraceBuilder::router(hop);
}

struct Row {
  const char* what;
  TraceBuilder trace;
  const char* rule;
  const char* verdict;
};

std::vector<Row> rows() {
  const auto port_25 = [] { return TraceBuilder().port(25); };
  return {
      {"every send refused", port_25().refused(EPERM), "send-refused",
       "dropped high local, last 0 ?, missed 1 ?, suspect 0 ?"},
      {"no route", port_25().refused(EHOSTUNREACH), "send-refused",
       "no-route high local, last 0 ?, missed 1 ?, suspect 0 ?"},
      {"one send let go", port_25().refused(EPERM).flow(1).silent(30), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"routers again at rising TTLs", port_25().routers(1, 3).time_exceeded(4, router(2)), "routers-repeat",
       "loop high path, last 3 r3, missed 4 r2, suspect none"},
      {"one router at two neighbouring TTLs is no loop",
       port_25().routers(1, 3).time_exceeded(4, router(3)).silent_knocks(3), "silence",
       "dropped medium unknown, last 4 r3, missed none, suspect none"},
      {"routers repeat, but the server answers", port_25().routers(1, 3).time_exceeded(5, router(3)).syn_ack(6),
       "accepted-by-the-destination", "open medium"},
      {"host unreachable on every port",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).port(587).unreachable(30, 0, router(2), 3),
       "host-unreachable", "unreachable high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"host unreachable on the only port", port_25().routers(1, 2).unreachable(30, 1, router(2), 3),
       "host-unreachable", "unreachable medium path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"host unreachable on one port, another answers",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).port(587).routers(1, 5).syn_ack(6),
       "rejected-on-the-way", "rejected high path, last 2 r2, missed 3 r3, suspect 2 r2"},
      {"host unreachable on one port, echo answers",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).echo_at(6), "rejected-on-the-way",
       "rejected high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"a policy on every port is not about the host",
       port_25().routers(1, 2).unreachable(30, 13, router(2), 3).port(587).unreachable(30, 13, router(2), 3),
       "rejected-on-the-way", "rejected high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"the target itself rejects", port_25().unreachable(30, 3, TraceBuilder::target(), 6),
       "rejected-by-the-destination", "rejected high destination, last 6 target, missed none, suspect 6 target"},
      {"SYN-ACK two hops short", port_25().routers(1, 3).syn_ack(4).came_back_over(4).echo_at(6),
       "answered-short-of-the-destination", "intercepted high path, last 3 r3, missed 4 ?, suspect none"},
      {"SYN-ACK two hops short, not pinned", port_25().syn_ack(4).echo_at(6), "answered-short-of-the-destination",
       "intercepted medium path, last 3 ?, missed 4 ?, suspect none"},
      {"SYN-ACK one hop short", port_25().routers(1, 4).syn_ack(5).echo_at(6), "answered-short-of-the-destination",
       "intercepted medium edge, last 4 r4, missed 5 r5, suspect 5 r5"},
      {"RST at the distance that travelled one hop less than SYN-ACKs",
       port_25().routers(1, 5).rst(6).came_back_over(5).port(587).routers(1, 5).syn_ack(6).echo_at(6),
       "answer-travelled-one-hop-less", "reset-injected medium edge, last 5 r5, missed 6 target, suspect 5 r5"},
      {"SYN-ACKs that differ say nothing of a RST",
       port_25()
           .routers(1, 5)
           .rst(6)
           .came_back_over(5)
           .port(587)
           .routers(1, 5)
           .syn_ack(6)
           .port(465)
           .routers(1, 5)
           .syn_ack(6)
           .came_back_over(9)
           .echo_at(6),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"another router where echo reaches the host", port_25().routers(1, 6).syn_ack(8).echo_at(6),
       "answered-beyond-the-destination", "intercepted medium unknown, last 7 ?, missed 8 ?, suspect none"},
      {"a late SYN-ACK without a router beyond is lost probes", port_25().routers(1, 5).silent(6).syn_ack(8).echo_at(6),
       "accepted-by-the-destination", "open high"},
      {"ports disagree and nothing anchors them", port_25().routers(1, 2).rst(3).port(587).routers(1, 5).syn_ack(6),
       "answers-disagree", "inconclusive low (unknown-distance) path, last 2 r2, missed 3 r3, suspect none"},
      {"a SYN-ACK that routers lead beyond", port_25().routers(1, 2).syn_ack(3).port(587).routers(1, 5).silent(30),
       "answers-disagree", "inconclusive low (unknown-distance) path, last 2 r2, missed 3 r3, suspect none"},
      {"accepted", port_25().routers(1, 5).syn_ack(6).echo_at(6), "accepted-by-the-destination", "open high"},
      {"accepted, and nothing confirms the distance", port_25().routers(1, 5).syn_ack(6), "accepted-by-the-destination",
       "open medium"},
      {"refused", port_25().routers(1, 5).rst(6).echo_at(6), "refused-by-the-destination",
       "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"refused, and nothing confirms the distance", port_25().routers(1, 5).rst(6), "refused-by-the-destination",
       "refused low destination, last 6 target, missed none, suspect 6 target"},
      {"refused from nearer than it was asked", port_25().routers(1, 5).rst(6).came_back_over(4),
       "refused-by-the-destination",
       "inconclusive low (unknown-distance) unknown, last 5 r5, missed none, suspect none"},
      {"a reset that is not pinned, and nothing confirms the distance", port_25().rst(30), "refused-by-the-destination",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"resets that name no probe", port_25().silent(5).rst(30).unattributed(), "answer-without-probe",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"silence beside a rejection",
       port_25().routers(1, 3).silent_knocks(4).port(587).routers(1, 3).unreachable(30, 13, router(3), 4),
       "silence-beside-a-rejection",
       "inconclusive low (too-few-replies) unknown, last 3 r3, missed none, suspect none"},
      {"silence well beyond a rejection",
       port_25().routers(1, 5).silent_knocks(4).port(587).routers(1, 1).unreachable(30, 13, router(1), 2), "silence",
       "dropped medium unknown, last 5 r5, missed none, suspect none"},
      {"silence on too few source ports", port_25().routers(1, 3).silent_knocks(2), "silence",
       "inconclusive low (too-few-replies) unknown, last 3 r3, missed none, suspect none"},
      {"silence with a control", port_25().routers(1, 3).silent(4).silent_knocks(3).port(587).routers(1, 5).syn_ack(6),
       "silence", "dropped high path, last 3 r3, missed 4 r4, suspect none"},
      {"silence, and the next router that answers is far",
       port_25().routers(1, 2).silent(5).silent_knocks(3).port(587).routers(1, 2).routers(5, 5).syn_ack(6), "silence",
       "dropped high path, last 2 r2, missed 5 r5, suspect none"},
      {"silence, and it was never asked at the hops that others show",
       port_25().routers(1, 3).silent_knocks(3).port(587).routers(1, 5).syn_ack(6), "silence",
       "dropped medium unknown, last 3 r3, missed none, suspect none"},
      {"silence, the echo alone shows the host", port_25().routers(1, 3).silent_knocks(3).echo_at(6), "silence",
       "dropped high unknown, last 3 r3, missed 6 target, suspect none"},
      {"silence, and nothing shows the path beyond", port_25().routers(1, 3).silent_knocks(3), "silence",
       "dropped medium unknown, last 3 r3, missed none, suspect none"},
      {"nothing was ever sent", port_25(), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
  };
}

TEST(Rules, DecideWhatTheyAreFor) {
  for (const Row& row : rows()) {
    const verdict::Verdict verdict = judge(row.trace);
    EXPECT_EQ(rule_of(verdict), row.rule) << row.what;
    EXPECT_EQ(in_short(verdict), row.verdict) << row.what;
    for (const verdict::Evidence& evidence : verdict.evidence) EXPECT_FALSE(evidence.text.empty()) << row.what;
  }
}

TEST(Rules, TurnSilenceIntoNoVerdictWhereTheCaptureLostPackets) {
  const auto trace =
      TraceBuilder().port(25).routers(1, 3).silent(4).silent_knocks(5).port(587).routers(1, 5).syn_ack(6);
  const verdict::Verdict verdict = judge(trace, 25, 3);
  EXPECT_EQ(rule_of(verdict), "silence-while-capture-lost");
  EXPECT_EQ(in_short(verdict), "inconclusive low (capture-loss) path, last 3 r3, missed 4 r4, suspect none");
  EXPECT_EQ(in_short(judge(trace, 587, 3)), "open medium") << "answers stay answers";
}

TEST(Rules, AreEachInTheTable) {
  std::set<std::string> decided{"silence-while-capture-lost"};
  for (const Row& row : rows()) decided.insert(row.rule);
  for (const verdict::Rule& rule : verdict::rules()) EXPECT_TRUE(decided.contains(std::string(rule.name))) << rule.name;
}

TEST(Diagnosis, KeepsTheOrderOfThePlanAndLeavesOutAnchorsNeverAsked) {
  TraceBuilder trace;
  trace.port(25).silent(30).port(587, path::Role::Control).silent(30).port(443, path::Role::Anchor);
  const auto diagnosis = verdict::diagnose(trace, trace.plan(), {});
  ASSERT_EQ(diagnosis.ports.size(), 2U);
  EXPECT_EQ(diagnosis.ports[0].port.port, Port{25});
  EXPECT_EQ(diagnosis.ports[1].port.port, Port{587});
  EXPECT_FALSE(diagnosis.distance);
}

TEST(Diagnosis, ReportsAnAnchorThatWasAsked) {
  TraceBuilder trace;
  trace.port(25).silent(30).port(443, path::Role::Anchor).silent(30);
  EXPECT_EQ(verdict::diagnose(trace, trace.plan(), {}).ports.size(), 2U);
}

TEST(VerdictWords, AreThoseOfTheReport) {
  using namespace verdict;
  EXPECT_EQ(to_string(Kind::ResetInjected), "reset-injected");
  EXPECT_EQ(to_string(Kind::NoRoute), "no-route");
  EXPECT_EQ(to_string(Cause::PathDependent), "path-dependent");
  EXPECT_EQ(to_string(Reason::CaptureLoss), "capture-loss");
  EXPECT_EQ(to_string(Place::Edge), "edge");
  EXPECT_EQ(to_string(Confidence::Medium), "medium");
}

}  // namespace
}  // namespace smtpath::test
