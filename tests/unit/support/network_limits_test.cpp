// Networks that let some packets through and others not, by their rate, by a queue or by time.

#include <gtest/gtest.h>

#include "probing_host.h"
#include "support/network_builder.h"
#include "support/network_fate.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};
constexpr Port kControl{443};

// How many of `count` SYNs, one each `interval`, draw an answer of the server.
int answered(ProbingHost& host, Port port, int count, Duration interval) {
  int answers = 0;
  for (int i = 0; i < count; ++i) {
    host.syn(port, 30);
    answers += static_cast<int>(host.after(interval).size());
  }
  return answers;
}

TEST(LimitedNetwork, SynsWithinTheLimitPassAndTheRestIsDropped) {
  ProbingHost host(routers(3).at(2).limits(kSmtp, 3, 1));
  for (int i = 0; i < 10; ++i) host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(500ms), std::vector<std::string>(3, "rst from target, back 4"));
  host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(600ms).size(), 0U) << "half a token";
  host.syn(kSmtp, 30);
  host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(500ms).size(), 1U) << "one a second";
}

TEST(LimitedNetwork, LimitIsOfItsPortAndItsStage) {
  ProbingHost host(routers(3).at(2).limits(kSmtp, 1, 0.001));
  EXPECT_EQ(answered(host, kControl, 5, 10ms), 5);
  host.syn(kSmtp, 2);
  host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(100ms).size(), 2U) << "expires before it is counted";
  EXPECT_EQ(answered(host, kSmtp, 5, 10ms), 1);

  ProbingHost early(routers(3).at(2).limits(kSmtp, 1, 0.001).before_ttl_check());
  early.syn(kSmtp, 2);
  early.syn(kSmtp, 2);
  EXPECT_EQ(early.after(100ms).size(), 1U);
}

TEST(LimitedNetwork, EachDeviceCountsForItself) {
  const NetworkPath path = routers(4).at(1).limits(kSmtp, 1, 0.001).at(3).limits(kSmtp, 2, 0.001);
  ProbingHost host(path);
  EXPECT_EQ(answered(host, kSmtp, 5, 10ms), 1);
}

TEST(LimitedNetwork, ResetsOfThisHostAreNotCounted) {
  ProbingHost host(routers(3).at(2).limits(kSmtp, 4, 0.001).server().open(kSmtp));
  EXPECT_EQ(answered(host, kSmtp, 10, 900ms), 4);
}

TEST(LimitedNetwork, PacketWithinTheLimitComesToTheNextRule) {
  const NetworkPath path = routers(3).at(2).limits(kSmtp, 5, 1).drops(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "silence");
  EXPECT_EQ(fate_of(path, kSmtp).end, Fate::End::Dropped);
  EXPECT_EQ(fate_of(routers(3).at(2).limits(kSmtp, 5, 1), kSmtp).end, Fate::End::Refused);
}

TEST(LimitedNetwork, FullQueueDropsItsShareOfSynsToOpenPorts) {
  ProbingHost host(routers(2).server().open(kSmtp).queue_full(0.3));
  EXPECT_NEAR(answered(host, kSmtp, 2000, 900ms), 1400, 80);
  EXPECT_EQ(answered(host, kControl, 50, 900ms), 50) << "closed";
  EXPECT_EQ(host.network().syn_arrivals().size(), 2050U);
}

TEST(LimitedNetwork, QueueStaysAsItIsUntilItChanges) {
  int changes_within = 0;
  int changes_between = 0;
  ProbingHost host(routers(2).server().open(kSmtp).queue_full(0.5), 3);
  bool was_answered = false;
  for (int i = 0; i < 200; ++i) {
    const bool first = answered(host, kSmtp, 1, 10ms) == 1;
    const bool second = answered(host, kSmtp, 1, 10ms) == 1;
    changes_within += first != second ? 1 : 0;
    changes_between += first != was_answered ? 1 : 0;
    was_answered = second;
    host.after(880ms);
  }
  EXPECT_LT(changes_within, 20);
  EXPECT_GT(changes_between, 60);
}

TEST(LimitedNetwork, FullQueueStillHearsResets) {
  ProbingHost host(routers(2).server().open(kSmtp).queue_full(0.5));
  answered(host, kSmtp, 100, 10ms);
  EXPECT_EQ(host.after(60s).size(), 0U) << "no SYN-ACK comes again once it was turned down";
}

TEST(LimitedNetwork, BurstsLoseEverythingForTheirShareOfTime) {
  ProbingHost host(routers(2).at(2).loses_in_bursts(5s, 1s));
  int lost = 0;
  int runs = 0;
  bool was_lost = false;
  for (int i = 0; i < 1000; ++i) {
    const bool is_lost = answered(host, kSmtp, 1, 50ms) == 0;
    lost += is_lost ? 1 : 0;
    runs += is_lost && !was_lost ? 1 : 0;
    was_lost = is_lost;
  }
  EXPECT_NEAR(lost, 200, 12);
  EXPECT_NEAR(runs, 10, 1);
}

TEST(LimitedNetwork, BurstsBeginAtAMomentThatTheSeedDecides) {
  const NetworkPath path = routers(2).at(2).loses_in_bursts(5s, 2s);
  int lost = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    ProbingHost host(path, seed);
    lost += answered(host, kSmtp, 1, 50ms) == 0 ? 1 : 0;
  }
  EXPECT_NEAR(lost, 160, 40);
}

}  // namespace
}  // namespace smtpath::test
