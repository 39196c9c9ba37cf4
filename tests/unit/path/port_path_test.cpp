// What the trace says of one port.

#include "smtpath/path/port_path.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using namespace std::chrono_literals;
using test::TraceBuilder;

constexpr Port kSmtp{25};

TEST(PortPath, KnowsTheFarthestRouterAndNotTheTargetAsOne) {
  const auto trace = TraceBuilder().port(25).routers(1, 3).silent(4).time_exceeded(5, TraceBuilder::target());
  const PortPath path(trace, kSmtp);
  ASSERT_TRUE(path.farthest_router());
  EXPECT_EQ(*path.farthest_router(), (SeenHop{.ttl = Ttl{3}, .address = TraceBuilder::router(3)}));
  EXPECT_EQ(path.routers().size(), 3U);
}

TEST(PortPath, LooksAtItsOwnPortOnly) {
  const auto trace = TraceBuilder().port(25).routers(1, 2).port(587).routers(1, 4).syn_ack(5);
  EXPECT_EQ(PortPath(trace, kSmtp).farthest_router()->ttl, Ttl{2});
  EXPECT_FALSE(PortPath(trace, kSmtp).answer());
  EXPECT_FALSE(PortPath(trace, Port{465}).was_probed());
}

TEST(PortPath, NamesTheRouterAtATtlAndKeepsEveryOneWhereThePathSplits) {
  const auto trace = TraceBuilder().port(25).router_answers(2).flow(1).time_exceeded(2, TraceBuilder::router(22));
  const PortPath path(trace, kSmtp);
  EXPECT_EQ(path.router_at(Ttl{2})->address, TraceBuilder::router(2));
  EXPECT_EQ(path.routers().size(), 2U);
  EXPECT_FALSE(path.router_at(Ttl{1}));
}

TEST(PortPath, AnswersWithTheLeastTtlThatDrewOne) {
  const auto trace = TraceBuilder().port(25).syn_ack(30).flow(1).syn_ack(7).flow(2).syn_ack(9);
  const auto answer = PortPath(trace, kSmtp).answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->elicit, Ttl{7});
  EXPECT_EQ(answer->probe->ttl, Ttl{7});
  EXPECT_EQ(answer->flow->slot, 1);
}

TEST(PortPath, TakesNoErrorForAnAnswerToAPacketThatWentOn) {
  const auto trace = TraceBuilder()
                         .port(25)
                         .syn_ack(9)
                         .and_unreachable(13, TraceBuilder::router(3), 3)
                         .flow(1)
                         .unreachable(30, 13, TraceBuilder::router(3), 3);
  const PortPath path(trace, kSmtp);
  EXPECT_TRUE(path.are_errors_contradicted());
  EXPECT_EQ(path.answer()->reply->kind, ReplyKind::SynAck);
  const auto other = TraceBuilder().port(25).syn_ack(9).flow(1).unreachable(30, 13, TraceBuilder::router(3), 3);
  EXPECT_FALSE(PortPath(other, kSmtp).are_errors_contradicted()) << "the packets of other flows may fare otherwise";
}

// Sent were 30 and 3. The answer names neither, but errors speak for both.
TEST(PortPath, TakesNoErrorForAnAnswerOfAFlowThatWasAnsweredBesideItsErrors) {
  const auto rejected = [] { return TraceBuilder().port(25).unreachable(30, 13, TraceBuilder::router(9), 9); };
  auto answered = rejected().routers(3, 3).and_rst().unattributed();
  EXPECT_TRUE(PortPath(answered, kSmtp).are_errors_contradicted());
  EXPECT_FALSE(PortPath(answered, kSmtp).answer());
  auto silent_nearer = rejected().silent(8).routers(3, 3).and_rst().unattributed();
  EXPECT_TRUE(PortPath(silent_nearer, kSmtp).are_errors_contradicted()) << "a probe of 8 draws no more than one of 30";
  auto silent_beyond = rejected().silent(9).routers(3, 3).and_rst().unattributed();
  EXPECT_FALSE(PortPath(silent_beyond, kSmtp).are_errors_contradicted()) << "the answer may be that probe's";
}

// Sent were 30, 3 and 4, and the resets name none of them.
TEST(PortPath, DoesNotTrustAnErrorOfAFlowWithMoreAnswersThanProbesThatWait) {
  auto trace = TraceBuilder().port(25).silent(30).routers(3, 4).and_rst().unattributed();
  EXPECT_EQ(PortPath(trace, kSmtp).last_expired_below(Ttl{9}), Ttl{4}) << "the reset may be that of the first";
  trace.and_rst().unattributed();
  EXPECT_EQ(PortPath(trace, kSmtp).last_expired_below(Ttl{9}), Ttl{0});
}

TEST(PortPath, TakesNoEchoReplyOfARequestThatExpired) {
  const auto trace = TraceBuilder().echo().echo_reply(3).and_time_exceeded(TraceBuilder::router(3)).echo_reply(9);
  EXPECT_EQ(PortPath::of_echo(trace).answer()->elicit, Ttl{9});
}

TEST(PortPath, HasNoAnswerInTimeExceededOrPlainAcks) {
  const auto trace = TraceBuilder().port(25).routers(1, 3).plain_ack(30);
  EXPECT_FALSE(PortPath(trace, kSmtp).answer());
}

TEST(PortPath, ReadsFromTheQuotedTtlWhereAnUnreachableBegins) {
  // Rejected by hop 3 after its TTL check: the probe of TTL 30 came there with 27 left.
  const auto after = TraceBuilder().port(25).unreachable(30, 13, TraceBuilder::router(3), 4);
  EXPECT_EQ(PortPath(after, kSmtp).answer()->elicit, Ttl{4});
  // An unreachable route at hop 3: it came there with 28 left.
  const auto before = TraceBuilder().port(25).unreachable(30, 0, TraceBuilder::router(3), 3);
  EXPECT_EQ(PortPath(before, kSmtp).answer()->elicit, Ttl{3});
}

TEST(PortPath, NeverPutsAnUnreachableBeyondItsProbeOrThisHost) {
  auto builder = TraceBuilder().port(25).unreachable(5, 13, TraceBuilder::router(3), 3);
  path::PathTrace trace = builder.trace();
  for (const int quoted : {0, 5, 6, 255}) {
    trace.flows[0].probes[0].replies[0].icmp->quoted_ttl = Ttl{static_cast<std::uint8_t>(quoted)};
    const auto answer = PortPath(trace, kSmtp).answer();
    EXPECT_GE(answer->elicit, Ttl{1}) << quoted;
    EXPECT_LE(answer->elicit, Ttl{5}) << quoted;
  }
}

TEST(PortPath, PinsAnAnswerOnlyWhereTheTtlBelowWasAsked) {
  EXPECT_FALSE(PortPath(TraceBuilder().port(25).syn_ack(7), kSmtp).answer()->is_pinned);
  EXPECT_TRUE(PortPath(TraceBuilder().port(25).router_answers(6).syn_ack(7), kSmtp).answer()->is_pinned);
  EXPECT_TRUE(PortPath(TraceBuilder().port(25).silent(6, kSilentTries).syn_ack(7), kSmtp).answer()->is_pinned);
  EXPECT_TRUE(PortPath(TraceBuilder().port(25).syn_ack(1), kSmtp).answer()->is_pinned) << "nothing is below";
}

TEST(PortPath, DoesNotPinAnAnswerOnASingleSilentProbe) {
  EXPECT_FALSE(PortPath(TraceBuilder().port(25).silent(6).syn_ack(7), kSmtp).answer()->is_pinned);
}

TEST(PortPath, TellsTheFateOfEachFlow) {
  const auto trace =
      TraceBuilder().port(25).routers(1, 2).syn_ack(9).syn_ack(6).flow(1).silent(30).flow(2).rst(30).unattributed();
  const auto fates = PortPath(trace, kSmtp).fates();
  ASSERT_EQ(fates.size(), 3U);
  EXPECT_EQ(fates[0].reply->kind, ReplyKind::SynAck);
  EXPECT_EQ(fates[0].elicit, std::optional(Ttl{6}));
  EXPECT_EQ(fates[1].reply, nullptr);
  EXPECT_FALSE(fates[1].elicit);
  EXPECT_EQ(fates[2].reply->kind, ReplyKind::Rst);
  EXPECT_FALSE(fates[2].elicit) << "it names no probe";
  EXPECT_TRUE(PortPath(trace, kSmtp).has_unattributed_answer());
}

TEST(PortPath, IsRefusedOnlyWhenTheKernelRefusedEveryProbe) {
  EXPECT_EQ(PortPath(TraceBuilder().port(25).refused(EPERM).flow(1).refused(EPERM), kSmtp).refusal(), EPERM);
  EXPECT_FALSE(PortPath(TraceBuilder().port(25).refused(EPERM).flow(1).silent(30), kSmtp).refusal());
  EXPECT_FALSE(PortPath(TraceBuilder().port(25), kSmtp).refusal()) << "nothing was sent";
}

TEST(PortPath, CountsProbesThatLeftThisHost) {
  const auto trace = TraceBuilder().port(25).routers(1, 3).silent(4, 2).refused(EPERM).flow(1).silent(30);
  const PortPath path(trace, kSmtp);
  EXPECT_EQ(path.probes_at(Ttl{4}), 2);
  EXPECT_EQ(path.probes_from(Ttl{4}), 3);
  EXPECT_EQ(path.probes_from(Ttl{255}), 0);
}

TEST(PortPath, KnowsTheLongestRoundTrip) {
  const auto trace = TraceBuilder().port(25).router_answers(1).after(3ms).router_answers(2).after(90ms).silent(3);
  EXPECT_EQ(PortPath(trace, kSmtp).longest_round_trip(), std::optional<Duration>(90ms));
  EXPECT_FALSE(PortPath(TraceBuilder().port(25).silent(3), kSmtp).longest_round_trip());
}

TEST(PortPath, OfTheEchoEndsInAnEchoReplyOnly) {
  const auto trace = TraceBuilder().echo().router_answers(5).echo_reply(6);
  const auto answer = PortPath::of_echo(trace).answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->elicit, Ttl{6});
  EXPECT_TRUE(answer->is_pinned);
  EXPECT_FALSE(PortPath::of_echo(TraceBuilder().echo().unreachable(30, 1, TraceBuilder::router(5), 6)).answer());
}

}  // namespace
}  // namespace smtpath::path
