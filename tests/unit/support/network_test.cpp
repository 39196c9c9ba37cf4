// The rows of the table of signatures (docs/verdicts.md), measured on Linux routers, asked of the simulated network.

#include "support/network.h"

#include <gtest/gtest.h>

#include "probing_host.h"
#include "support/network_builder.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};

// client - 1 - 2 - 3 - 4 - server: the filter at hop 3, the server at 5.
TEST(Network, RoutersAnswerWithTimeExceededUpToTheServer) {
  const NetworkPath path = routers(4).server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 1), "time-exceeded from hop 1, back 1, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "syn-ack from target, back 5");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 64), "syn-ack from target, back 5");
}

TEST(Network, ClosedPortAnswersWithResetFromTheServer) {
  const NetworkPath path = routers(4);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "rst from target, back 5");
}

TEST(Network, ServerThatDropsLeavesSilenceBehindTheLastRouter) {
  const NetworkPath path = routers(4).server().open(kSmtp).drops(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "silence");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "silence");
}

TEST(Network, ServerThatRejectsSendsIcmpOfItsOwn) {
  const NetworkPath path = routers(4).server().rejects(kSmtp, Unreachable::Port);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "3/3 from target, back 5, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 9), "3/3 from target, back 5, quoted TTL 5");
}

TEST(Network, ServerThatResetsLooksLikeAClosedPort) {
  const NetworkPath filtered = routers(4).server().initial_ttl(128).open(kSmtp).resets(kSmtp);
  const NetworkPath closed = routers(4).server().initial_ttl(128);
  ProbingHost a(filtered);
  ProbingHost b(closed);
  a.syn(kSmtp, 5);
  b.syn(kSmtp, 5);
  EXPECT_EQ(a.after(1s), b.after(1s));
  EXPECT_EQ(a.packets(), b.packets());
}

TEST(Network, DropAfterTheTtlCheckStillShowsTheFilter) {
  const NetworkPath path = routers(4).at(3).drops(kSmtp).server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "silence");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "silence");
  EXPECT_EQ(answer_to_syn(path, Port{587}, 5), "rst from target, back 5");
}

TEST(Network, DropBeforeTheTtlCheckHidesTheFilter) {
  const NetworkPath path = routers(4).at(3).drops(kSmtp).before_ttl_check();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "silence");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "silence");
  EXPECT_EQ(answer_to_syn(path, Port{587}, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
}

TEST(Network, BlackholeRouteIsSilentForEchoToo) {
  const NetworkPath path = routers(4).at(3).drops_everything().before_ttl_check();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "silence");
  EXPECT_EQ(answer_to_echo(path, 2), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_echo(path, 30), "silence");
}

TEST(Network, ResetForgedAfterTheTtlCheckBeginsOneHopLater) {
  const NetworkPath path = routers(4).at(3).resets(kSmtp).server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "rst from target, back 3");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "rst from target, back 3");
}

TEST(Network, ResetForgedBeforeTheTtlCheckBeginsAtTheFilter) {
  const NetworkPath path = routers(4).at(3).resets(kSmtp).before_ttl_check();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "rst from target, back 3");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "rst from target, back 3");
}

TEST(Network, RejectAfterTheTtlCheckQuotesTheDecrementedTtl) {
  const NetworkPath path = routers(4).at(3).rejects(kSmtp, Unreachable::AdminProhibited);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "3/13 from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 10), "3/13 from hop 3, back 3, quoted TTL 7");
}

TEST(Network, ProhibitRouteAnswersInsteadOfTimeExceeded) {
  const NetworkPath path = routers(4).at(3).rejects_everything(Unreachable::AdminProhibited).before_ttl_check();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "3/13 from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 10), "3/13 from hop 3, back 3, quoted TTL 8");
  EXPECT_EQ(answer_to_echo(path, 10), "3/13 from hop 3, back 3, quoted TTL 8");
}

TEST(Network, TransparentProxyAnswersFromItsOwnHop) {
  const NetworkPath path = routers(4).at(3).redirects(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "syn-ack from target, back 3");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "syn-ack from target, back 3");
}

TEST(Network, SynProxyAnswersBehindItsHopWithWindowZero) {
  const NetworkPath path = routers(4).at(3).proxies_syns(kSmtp).server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "syn-ack with window 0 from target, back 3");
}

TEST(Network, UnansweredAddressResolutionFailsAfterThreeSeconds) {
  ProbingHost host(routers(4).server().nobody());
  host.syn(kSmtp, 4);
  EXPECT_EQ(host.after(1s), std::vector<std::string>{"time-exceeded from hop 4, back 4, quoted TTL 1"});
  host.syn(kSmtp, 5);
  host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(2900ms), std::vector<std::string>{});
  EXPECT_EQ(host.after(200ms), (std::vector<std::string>{"3/1 from hop 4, back 4, quoted TTL 1",
                                                         "3/1 from hop 4, back 4, quoted TTL 26"}));
}

TEST(Network, ServiceThatTheServerPassesOnIsOneHopFarther) {
  const NetworkPath path = routers(4).server().forwards(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "time-exceeded from target, back 5, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 6), "syn-ack from target, back 6");
  EXPECT_EQ(answer_to_echo(path, 5), "echo-reply from target, back 5");
}

TEST(Network, LoopAnswersFromTheSameRoutersAgain) {
  const NetworkPath path = routers(4).at(3).loops_to(2);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 2, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "time-exceeded from hop 3, back 3, quoted TTL 1");
}

TEST(Network, EchoIsAnsweredFromTheServerOnUnlessItIsFiltered) {
  EXPECT_EQ(answer_to_echo(routers(4), 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_echo(routers(4), 5), "echo-reply from target, back 5");
  EXPECT_EQ(answer_to_echo(routers(4).server().echo(false), 5), "silence");
}

TEST(Network, SilentRouterForwardsWithoutAnAnswerOfItsOwn) {
  const NetworkPath path = routers(4).at(2).silent();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "silence");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "rst from target, back 5");
}

TEST(Network, ReturnPathsHaveALengthOfTheirOwn) {
  const NetworkPath path =
      routers(4).at(1).extra_return_hops(-3).at(4).extra_return_hops(2).server().extra_return_hops(5);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 1), "time-exceeded from hop 1, back 1, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "time-exceeded from hop 4, back 6, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "rst from target, back 10");
}

TEST(Network, LedElsewhereAPortIsAnsweredByAHostBesideThePath) {
  const NetworkPath path = routers(4).server().open(Port{587}).at(2).leads_elsewhere(kSmtp, 4);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 1), "time-exceeded from hop 1, back 1, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from target, back 2, quoted TTL 1") << "translated";
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from target, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "syn-ack from target, back 4");
  EXPECT_EQ(answer_to_syn(path, Port{587}, 4), "time-exceeded from hop 4, back 4, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, Port{587}, 5), "syn-ack from target, back 5");
}

TEST(Network, InjectedResetsComeBesideWhatTheProbeDraws) {
  const NetworkPath path = routers(4).at(2).injects_resets(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 1), "time-exceeded from hop 1, back 1, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "rst from target, back 2; time-exceeded from hop 2, back 2, quoted TTL 1");
}

TEST(Network, Ipv6AnswersWithItsOwnCodes) {
  const NetworkPath path = routers(4, Family::Ipv6).at(3).rejects(kSmtp, Unreachable::AdminProhibited);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "1/1 from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, Port{587}, 5), "rst from target, back 5");
  EXPECT_EQ(answer_to_echo(path, 5), "echo-reply from target, back 5");
}

TEST(Network, UnreachablesShareTheBucketOfTimeExceeded) {
  ProbingHost host(routers(4).at(3).rejects(kSmtp, Unreachable::Port));
  for (int ttl = 3; ttl < 19; ++ttl) host.syn(kSmtp, ttl);
  const auto answers = host.after(900ms);
  ASSERT_EQ(answers.size(), 6U);
  EXPECT_EQ(answers.front(), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answers.back(), "3/3 from hop 3, back 3, quoted TTL 5");
}

TEST(Network, RouterSendsOneMoreErrorEachSecondOnceItsBurstIsSpent) {
  ProbingHost host(routers(4));
  for (int i = 0; i < 10; ++i) host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(100ms).size(), 6U);
  host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(1s).size(), 0U);
  host.syn(kSmtp, 2);
  host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(100ms).size(), 1U);
}

TEST(Network, LatencyAddsUpOverTheLinksBothWays) {
  ProbingHost host(routers(2).at(1).latency(5ms).at(2).latency(10ms).server().latency(20ms));
  host.syn(kSmtp, 2);
  host.after(1s);
  EXPECT_EQ(host.last_arrival(), 30ms);
}

TEST(Network, EachPacketIsLostByADrawOfItsOwn) {
  ProbingHost host(routers(2).at(1).loses(0.2, 0.2));
  for (int i = 0; i < 10'000; ++i) host.syn(kSmtp, 3);
  EXPECT_NEAR(static_cast<double>(host.after(10s).size()), 6400, 150);
}

TEST(Network, QuotesAsMuchAsItsRoutersDo) {
  ProbingHost host(routers(2).at(1).quotes(8));
  host.syn(kSmtp, 1);
  host.syn(kSmtp, 2);
  host.after(1s);
  ASSERT_EQ(host.packets().size(), 2U);
  EXPECT_EQ(host.packets()[0].size(), 20U + 8 + 20 + 8);
  EXPECT_EQ(host.packets()[1].size(), 20U + 8 + 60);
}

TEST(Network, CountsTheSynsThatReachTheServerEvenIfItDropsThem) {
  ProbingHost host(routers(2).server().drops(kSmtp));
  for (int ttl = 1; ttl <= 5; ++ttl) host.syn(kSmtp, ttl);
  host.after(1s);
  EXPECT_EQ(host.network().syn_arrivals().size(), 3U);
}

}  // namespace
}  // namespace smtpath::test
