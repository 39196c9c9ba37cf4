#include "smtpath/io/clock.h"

#include <gtest/gtest.h>

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;

TEST(Clock, StartsAtRealTime) {
  const Time before = now();
  const Clock clock;
  EXPECT_GE(clock.now(), before - 1s);
  EXPECT_LE(clock.now(), now() + 1s);
}

TEST(Clock, IsNeverBehindAPacketAndGoesOnFromThere) {
  Clock clock;
  const Time ahead = clock.now() + 1h;
  clock.observe(ahead);
  const Time first = clock.now();
  EXPECT_GE(first, ahead);
  EXPECT_LT(first, ahead + 1min);
  while (clock.now() == first) continue;
  EXPECT_GT(clock.now(), first);
}

TEST(Clock, NeverGoesBack) {
  Clock clock;
  const Time before = clock.now();
  clock.observe(before - 1h);
  EXPECT_GE(clock.now(), before);
}

}  // namespace
}  // namespace smtpath::io
