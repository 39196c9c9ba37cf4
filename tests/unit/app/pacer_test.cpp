#include "app/pacer.h"

#include <gtest/gtest.h>

namespace smtpath::app {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1'700'000'000s};

// How many probes leave within a second when somebody always has one to send.
int probes_a_second(int rate) {
  Pacer pacer(rate);
  int probes = 0;
  for (Time now = kStart; now < kStart + 1s; now += 10us) {
    if (!pacer.is_ready(now)) continue;
    pacer.note_sent(now);
    ++probes;
  }
  return probes;
}

TEST(Pacer, KeepsToTheRate) {
  for (const int rate : {1, 10, 1000, 20'000}) {
    EXPECT_LE(probes_a_second(rate), rate);
    EXPECT_GE(probes_a_second(rate), rate * 9 / 10);
  }
}

TEST(Pacer, NamesTheTimeOfTheNextProbe) {
  Pacer pacer(1000);
  EXPECT_TRUE(pacer.is_ready(kStart));
  pacer.note_sent(kStart);
  EXPECT_EQ(pacer.next(), kStart + 1ms);
  EXPECT_FALSE(pacer.is_ready(kStart + 999us));
  EXPECT_TRUE(pacer.is_ready(kStart + 1ms));
}

}  // namespace
}  // namespace smtpath::app
