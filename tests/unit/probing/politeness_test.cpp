// How many probes may arrive at the host.

#include "probing/politeness.h"

#include <gtest/gtest.h>

namespace smtpath::probing {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1'700'000'000s};
constexpr Ttl kReach{6};

/// A ledger of probes with this TTL, `spacing` apart from kStart on.
Ledger sent(std::size_t count, Ttl ttl, Duration spacing) {
  Ledger ledger;
  for (std::size_t i = 0; i < count; ++i) {
    ledger.ask(0, ttl);
    ledger.send_next(kStart + static_cast<int>(i) * spacing);
  }
  return ledger;
}

TEST(Politeness, LetsTheFirstOfASecondGoAtOnce) {
  EXPECT_EQ(next_turn(Ledger{}, kReach, kMostSynsInAll, kStart), kStart);
  EXPECT_EQ(next_turn(sent(kMostSynsASecond - 1, kReach, 1ms), kReach, kMostSynsInAll, kStart + 50ms), kStart + 50ms);
}

TEST(Politeness, MakesOneTooManyWaitUntilASecondAfterTheFirst) {
  EXPECT_EQ(next_turn(sent(kMostSynsASecond, kReach, 1ms), kReach, kMostSynsInAll, kStart + 50ms),
            kStart + kSecondAtTheHost);
  EXPECT_EQ(next_turn(sent(kMostSynsASecond + 1, kReach, 1ms), kReach, kMostSynsInAll, kStart + 50ms),
            kStart + 1ms + kSecondAtTheHost);
  EXPECT_EQ(next_turn(sent(kMostSynsASecond, kReach, 1ms), kReach, kMostSynsInAll, kStart + 5s), kStart + 5s);
}

TEST(Politeness, EndsWithTheMostOfARun) {
  EXPECT_TRUE(next_turn(sent(kMostSynsInAll - 1, kReach, 1s), kReach, kMostSynsInAll, kStart + 100s));
  EXPECT_FALSE(next_turn(sent(kMostSynsInAll, kReach, 1s), kReach, kMostSynsInAll, kStart + 100s));
}

TEST(Politeness, DoesNotCountWhatDiesOnTheWay) {
  EXPECT_EQ(next_turn(sent(100, kReach - 1, 1ms), kReach, kMostSynsInAll, kStart), kStart);
}

}  // namespace
}  // namespace smtpath::probing
