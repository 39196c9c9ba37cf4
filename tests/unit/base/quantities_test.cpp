// Ports, hop counts and durations.

#include "smtpath/base/quantities.h"

#include <gtest/gtest.h>

#include "smtpath/base/time.h"

namespace smtpath {
namespace {

TEST(Ttl, CountsHopsForwardAndBack) {
  EXPECT_EQ(Ttl{3} + 1, Ttl{4});
  EXPECT_EQ(Ttl{3} - 1, Ttl{2});
  EXPECT_EQ(Ttl{254} + 1, Ttl{255});
  EXPECT_EQ(Ttl{1} - 1, Ttl{0});
  EXPECT_EQ(Ttl{3} + -1, Ttl{2});
}

TEST(Ttl, DifferencesMayBeNegative) {
  EXPECT_EQ(Ttl{9} - Ttl{4}, 5);
  EXPECT_EQ(Ttl{4} - Ttl{9}, -5);
  EXPECT_EQ(Ttl{0} - Ttl{255}, -255);
}

TEST(Ttl, IsOrderedByHops) {
  EXPECT_LT(Ttl{2}, Ttl{10});
  EXPECT_EQ(Ttl{}, Ttl{0});
}

TEST(Port, IsOrderedByNumber) {
  EXPECT_LT(Port{25}, Port{465});
  EXPECT_EQ(Port{}, Port{0});
}

TEST(Duration, IsReportedInMillisecondsWithItsFraction) {
  using namespace std::chrono_literals;
  EXPECT_DOUBLE_EQ(to_milliseconds(1500us), 1.5);
  EXPECT_DOUBLE_EQ(to_milliseconds(-1ns), -1e-6);
}

}  // namespace
}  // namespace smtpath
