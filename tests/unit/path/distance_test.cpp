// How many hops away the address is.

#include "smtpath/path/distance.h"

#include <gtest/gtest.h>

#include "smtpath/path/port_path.h"
#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using test::TraceBuilder;
using Source = Distance::Source;

std::optional<Distance> distance_in(const TraceBuilder& builder) {
  return distance_of(builder, builder.plan().ports);
}

TEST(Distance, IsWhereEchoRepliesBegin) {
  const auto distance = distance_in(TraceBuilder().port(25).silent(30).echo_at(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
  EXPECT_EQ(distance->source, Source::Echo);
}

TEST(Distance, IsNearerThanEchoRepliesWhereTwoPortsAreAnsweredAlike) {
  const auto nearer = [](int echoed) {
    return TraceBuilder()
        .port(25)
        .routers(1, 5)
        .syn_ack(6)
        .port(587)
        .routers(5, 5)
        .rst(6)
        .echo()
        .silent(7, kSilentTries)
        .echo_reply(8)
        .came_back_over(echoed);
  };
  EXPECT_EQ(distance_in(nearer(6))->ttl, Ttl{6});
  EXPECT_EQ(distance_in(nearer(8))->ttl, Ttl{8}) << "the echo reply travelled farther";
  EXPECT_EQ(distance_in(nearer(6).after(std::chrono::milliseconds(25)))->ttl, Ttl{8}) << "and so long";
  EXPECT_EQ(distance_in(nearer(6).port(465).routers(6, 6))->ttl, Ttl{8}) << "the path goes on";
}

TEST(Distance, IsNotReadOffAnEchoThatIsNotPinned) {
  EXPECT_FALSE(distance_in(TraceBuilder().port(25).silent(30).echo().echo_reply(30)));
}

TEST(Distance, IsWhereTheAddressSaysThatTimeWasExceeded) {
  const auto distance =
      distance_in(TraceBuilder().port(25).routers(1, 5).time_exceeded(6, TraceBuilder::target()).syn_ack(7));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
  EXPECT_EQ(distance->source, Source::OwnTimeExceeded);
}

TEST(Distance, IsTheNearerOfEchoAndOwnTimeExceeded) {
  const auto own_first = distance_in(
      TraceBuilder().port(25).time_exceeded(6, TraceBuilder::target()).echo().silent(7, kSilentTries).echo_reply(8));
  EXPECT_EQ(own_first->ttl, Ttl{6});
  const auto echo_first = distance_in(TraceBuilder().port(25).time_exceeded(7, TraceBuilder::target()).echo_at(6));
  EXPECT_EQ(echo_first->ttl, Ttl{6});
  EXPECT_EQ(echo_first->source, Source::Echo);
}

TEST(Distance, IsWhatTwoPortsAgreeOn) {
  const auto distance =
      distance_in(TraceBuilder().port(25).silent(30).port(587).routers(5, 5).syn_ack(6).port(443).routers(5, 5).rst(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
  EXPECT_EQ(distance->source, Source::Ports);
  EXPECT_EQ(distance->agreeing, (std::vector{Port{587}, Port{443}}));
}

TEST(Distance, IsNeverTakenFromOnePortAlone) {
  EXPECT_FALSE(distance_in(TraceBuilder().port(25).routers(1, 5).syn_ack(6)));
  EXPECT_FALSE(distance_in(
      TraceBuilder().port(25).routers(1, 5).syn_ack(6).flow(1).routers(5, 5).syn_ack(6).port(465).silent(30)));
}

TEST(Distance, IsNotWhatPortsAgreeOnThatAreNotPinned) {
  EXPECT_FALSE(distance_in(TraceBuilder().port(25).syn_ack(30).port(587).syn_ack(30)));
}

TEST(Distance, IsContradictedByARouterBeyond) {
  EXPECT_FALSE(distance_in(
      TraceBuilder().port(25).routers(1, 2).rst(3).port(465).routers(1, 2).rst(3).port(587).routers(1, 5).silent(30)));
}

TEST(Distance, IsThatOfTheFartherPortsWhereTwoPairsDisagree) {
  const auto distance = distance_in(TraceBuilder()
                                        .port(25)
                                        .routers(1, 2)
                                        .rst(3)
                                        .port(465)
                                        .routers(1, 2)
                                        .rst(3)
                                        .port(587)
                                        .routers(1, 5)
                                        .syn_ack(6)
                                        .port(443)
                                        .routers(1, 5)
                                        .syn_ack(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
}

TEST(Distance, IsUnknownWhereOneFartherPortContradictsTwo) {
  EXPECT_FALSE(distance_in(
      TraceBuilder().port(25).routers(1, 2).rst(3).port(465).routers(1, 2).rst(3).port(587).routers(1, 5).syn_ack(6)));
}

// Of 25 and 587 the answers at 6 were limited or lost, and what came to 7 and 8 came from as near as those of 465.
TEST(Distance, IsWhereAnswersThatArriveWithTheSameTtlBegin) {
  const auto distance = distance_in(TraceBuilder()
                                        .port(25)
                                        .routers(1, 5)
                                        .silent(7, kSilentTries)
                                        .syn_ack(8)
                                        .came_back_over(6)
                                        .port(587)
                                        .silent(7, kSilentTries)
                                        .syn_ack(8)
                                        .came_back_over(6)
                                        .port(465)
                                        .routers(5, 5)
                                        .rst(6)
                                        .came_back_over(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
  EXPECT_EQ(distance->agreeing.size(), 3U);
}

TEST(Distance, IsNoNearerForAnswersThatArriveAlikeWhereARouterIsBeyond) {
  const auto distance = distance_in(TraceBuilder()
                                        .port(25)
                                        .routers(1, 7)
                                        .syn_ack(8)
                                        .came_back_over(6)
                                        .port(587)
                                        .routers(7, 7)
                                        .syn_ack(8)
                                        .came_back_over(6)
                                        .port(465)
                                        .routers(5, 5)
                                        .rst(6)
                                        .came_back_over(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{8});
}

TEST(Distance, CountsAPortThatTheTargetPassesOnWhereItSaysSo) {
  const auto distance = distance_in(TraceBuilder()
                                        .port(25)
                                        .routers(1, 5)
                                        .time_exceeded(6, TraceBuilder::target())
                                        .syn_ack(7)
                                        .port(465)
                                        .routers(1, 4)
                                        .syn_ack(5)
                                        .port(587)
                                        .routers(1, 5)
                                        .syn_ack(6)
                                        .came_back_over(6));
  ASSERT_TRUE(distance);
  EXPECT_EQ(distance->ttl, Ttl{6});
  EXPECT_EQ(distance->agreeing, (std::vector{Port{25}, Port{587}}));
}

TEST(Distance, IsNotWhatRoutersThatRejectAgreeOn) {
  EXPECT_FALSE(distance_in(TraceBuilder()
                               .port(25)
                               .routers(1, 3)
                               .unreachable(4, 13, TraceBuilder::router(3), 4)
                               .port(587)
                               .routers(1, 3)
                               .unreachable(4, 13, TraceBuilder::router(3), 4)));
}

}  // namespace
}  // namespace smtpath::path
