#include "report/round_trips.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace smtpath::report {
namespace {

using std::chrono::milliseconds;

TEST(RoundTrips, HaveNoMedianWithoutAny) {
  EXPECT_FALSE(RoundTrips().median());
}

TEST(RoundTrips, HaveTheExactMedianOfAFew) {
  RoundTrips trips;
  for (const int each : {30, 10, 20}) trips.add(milliseconds(each));
  EXPECT_EQ(trips.median(), Duration(milliseconds(20)));
  trips.add(milliseconds(40));
  EXPECT_EQ(trips.median(), Duration(milliseconds(20))) << "the lower one of two";
}

TEST(RoundTrips, OfManyHaveAMedianThatIsOffByAThirtySecondAtMost) {
  for (const double spread : {0.5, 2.0, 6.0}) {
    std::mt19937_64 engine(7);
    std::lognormal_distribution<double> distribution(17, spread);
    RoundTrips trips;
    std::vector<Duration> all;
    for (int i = 0; i < 5000; ++i) {
      all.emplace_back(static_cast<Duration::rep>(std::min(distribution(engine), 1e18)));
      trips.add(all.back());
    }
    std::sort(all.begin(), all.end());
    const Duration exact = all[(all.size() - 1) / 2];
    EXPECT_LE(std::abs((trips.median().value() - exact).count()), exact.count() / 32) << "spread " << spread;
  }
}

TEST(RoundTrips, TakeAnyDuration) {
  RoundTrips trips;
  for (int i = 0; i < 100; ++i) trips.add(i % 2 == 0 ? Duration::max() : Duration::min());
  EXPECT_EQ(trips.median(), Duration::zero());
}

}  // namespace
}  // namespace smtpath::report
