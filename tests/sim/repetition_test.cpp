// Repetition told from tampering: what hosts and networks do to several SYNs of one flow, and to answers, without any
// ill will.

#include <gtest/gtest.h>

#include <array>

#include "support/network_builder.h"
#include "support/usual_paths.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using verdict::Kind;

constexpr Port kSmtp{25};
constexpr Port kSubmissions{465};
constexpr Port kSubmission{587};
constexpr int kDistance = 6;

// client - 1 - 2 - 3 - 4 - 5 - server at 6, 20 ms away; 25 and 587 are open, 465 and 2525 closed
NetworkBuilder usual_server() {
  constexpr Duration kLink = 2ms;
  NetworkBuilder path = routers(kDistance - 1);
  for (int hop = 1; hop < kDistance; ++hop) path.at(hop).latency(kLink);
  return path.server().latency(kLink).open(kSmtp).open(kSubmission);
}

void expect_plain(const Traced& traced) {
  for (const Port port : {kSmtp, kSubmission}) EXPECT_EQ(traced.verdict_of(port).kind, Kind::Open) << port.number;
  for (const Port port : {kSubmissions, Port{2525}}) {
    EXPECT_EQ(traced.verdict_of(port).kind, Kind::Refused) << port.number;
    expect_between(traced.verdict_of(port), kDistance, std::nullopt);
  }
  ASSERT_TRUE(traced.diagnosis.distance);
  EXPECT_EQ(traced.diagnosis.distance->ttl, Ttl{kDistance});
}

std::size_t count_replies(const Traced& traced, path::ReplyKind kind) {
  std::size_t count = 0;
  const auto take = [&](const std::vector<path::Reply>& replies) {
    for (const path::Reply& reply : replies) count += reply.kind == kind ? 1 : 0;
  };
  for (const path::FlowTrace& flow : traced.run.observer.trace(0).flows) {
    take(flow.unattributed);
    for (const path::Probe& probe : flow.probes) take(probe.replies);
  }
  return count;
}

void expect_dropped_behind_3(const Traced& traced) {
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Dropped);
  expect_between(traced.verdict_of(kSmtp), 3, 4);
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
}

TEST(Repetition, OfAnswersByTheNetworkChangesNothing) {
  expect_plain(trace(usual_server().doubles_what_comes_back()));
  expect_plain(trace(usual_server().at(2).doubles_what_comes_back()));
  expect_dropped_behind_3(trace(usual_server().doubles_what_comes_back().at(3).drops(kSmtp)));
}

TEST(Repetition, OfSynAcksThatNobodyTurnsDownChangesNothing) {
  expect_plain(trace(usual_server().habits({.hears_resets = false})));
  expect_plain(trace(usual_server().habits({.has_timestamps = false, .hears_resets = false})));
}

TEST(Repetition, WithoutTimestampsToTellProbesApartChangesNothing) {
  expect_plain(trace(usual_server().timestamps(false)));
  expect_plain(trace(usual_server()
                         .timestamps(false)
                         .echo(false)
                         .open(kSubmissions)
                         .open(Port{2525})
                         .closed(kSubmissions)
                         .closed(Port{2525})));
  expect_dropped_behind_3(trace(usual_server().timestamps(false).at(3).drops(kSmtp)));
}

TEST(Repetition, OfSynsThatOvertakeOneAnotherDrawsPlainAcksAndNoWrongVerdict) {
  // A SYN with a lesser timestamp than the one before it draws a plain ACK. The way back is longer, so that the sweep
  // goes past the host.
  std::size_t plain_acks = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    NetworkPath path = usual_server().habits({.hears_resets = false}).at(2).jitter(200ms);
    for (Device& device : path.devices) device.extra_return_hops = 5;
    const Traced traced = trace(path, {.ports = mail_ports_and_anchors(), .seed = seed});
    expect_plain(traced);
    plain_acks += count_replies(traced, path::ReplyKind::Ack);
  }
  EXPECT_GT(plain_acks, 0U);
}

TEST(Repetition, AnsweredByCookiesIsOpen) {
  expect_plain(trace(usual_server().habits({.uses_syn_cookies = true})));
  expect_plain(trace(usual_server().habits({.has_timestamps = false, .uses_syn_cookies = true})));
}

TEST(Repetition, ThatAHostDemandsIsGiven) {
  // Some defences against floods let in the second or third SYN of a tuple only, as a client that means it sends.
  for (const int ignored : {1, 2}) {
    SCOPED_TRACE(ignored);
    const Traced traced = trace(usual_server().habits({.ignored_syns = ignored}));
    EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Open);
    EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
    EXPECT_EQ(traced.verdict_of(kSubmissions).kind, Kind::Refused);
  }
}

TEST(Repetition, OfErrorsIsRationedAndNoSignOfABlock) {
  constexpr std::array kStingy{RateLimit{.burst = 1, .per_second = 1}, RateLimit{.burst = 2, .per_second = 0.5}};
  for (const RateLimit& limit : kStingy) {
    NetworkBuilder stingy = usual_server();
    for (int hop = 1; hop < kDistance; ++hop) stingy.at(hop).rate_limited(limit.burst, limit.per_second);
    expect_plain(trace(stingy));
  }
}

TEST(Repetition, OfRejectsIsRationedAndNotTakenForADrop) {
  NetworkBuilder path = usual_server().at(3);
  for (const Port port : {kSmtp, kSubmissions, kSubmission, Port{2525}})
    path.rejects(port, Unreachable::AdminProhibited);
  for (const double burst : {1.0, 6.0}) {
    const Traced traced = trace(path.rate_limited(burst, 1));
    for (const Port port : {kSmtp, kSubmissions, kSubmission, Port{2525}}) {
      const Kind kind = traced.verdict_of(port).kind;
      EXPECT_TRUE(kind == Kind::Rejected || kind == Kind::Inconclusive) << port.number << ' ' << to_string(kind);
    }
    EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Rejected);
  }
}

TEST(Repetition, BareResetsAreNoAnswers) {
  // A device that sends them and drops the SYN blocks the port, though not by them.
  const Traced dropped = trace(usual_server().at(3).resets_barely(kSmtp));
  expect_dropped_behind_3(dropped);
  const path::PathTrace& known = dropped.run.observer.trace(0);
  EXPECT_TRUE(std::any_of(known.flows.begin(), known.flows.end(),
                          [](const path::FlowTrace& flow) { return flow.ignored_resets > 0; }));
}

}  // namespace
}  // namespace smtpath::test
