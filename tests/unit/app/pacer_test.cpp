#include "app/pacer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace smtpath::app {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1'700'000'000s};

/// When probes leave if somebody always has one to send and looks at these times.
template <class NextLook>
std::vector<Time> departures(int rate, Duration how_long, const NextLook& next_look) {
  Pacer pacer(rate);
  std::vector<Time> times;
  for (Time now = kStart; now < kStart + how_long; now = next_look(now)) {
    while (pacer.is_ready(now)) {
      pacer.note_sent(now);
      times.push_back(now);
    }
  }
  return times;
}

std::size_t most_in_a_second(const std::vector<Time>& times) {
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= 1s) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(Pacer, NeverLetsMoreThanTheRateIntoASecond) {
  constexpr std::uint32_t kSeed = 4711;
  std::mt19937 random(kSeed);
  for (const int rate : {1, 2, 7, 50, 99, 100, 333, 1'000, 20'000, 100'000}) {
    for (const int longest_pause_us : {10, 1'000, 50'000, 700'000}) {
      const auto times = departures(rate, 4s, [&](Time now) {
        return now +
               std::chrono::microseconds(1 + static_cast<int>(random() % static_cast<unsigned>(longest_pause_us)));
      });
      EXPECT_LE(most_in_a_second(times), static_cast<std::size_t>(rate))
          << rate << " a second, pauses up to " << longest_pause_us << " us, seed " << kSeed;
    }
  }
}

TEST(Pacer, KeepsTheRateUpThoughItIsAskedRarely) {
  for (const int rate : {1, 10, 100, 1'000, 20'000}) {
    const auto looked_each = [rate](Duration pause) {
      return departures(rate, 2s, [&](Time now) { return now + pause; }).size();
    };
    EXPECT_GE(looked_each(10us), static_cast<std::size_t>(2 * rate * 95 / 100)) << rate;
    EXPECT_GE(looked_each(3ms), static_cast<std::size_t>(2 * rate * 95 / 100)) << rate;
  }
}

TEST(Pacer, NamesTheTimeOfTheNextProbe) {
  Pacer pacer(50);
  EXPECT_TRUE(pacer.is_ready(kStart));
  pacer.note_sent(kStart);
  EXPECT_EQ(pacer.next(), kStart + 20ms);
  EXPECT_FALSE(pacer.is_ready(kStart + 19ms));
  EXPECT_TRUE(pacer.is_ready(kStart + 20ms));
}

TEST(Pacer, DoesNotSaveUpForLongerThanABurst) {
  Pacer pacer(1'000);
  pacer.note_sent(kStart);
  const Time later = kStart + 10s;
  int burst = 0;
  for (; pacer.is_ready(later); ++burst) pacer.note_sent(later);
  EXPECT_EQ(burst, 11);
}

}  // namespace
}  // namespace smtpath::app
