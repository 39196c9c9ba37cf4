// How far an answer travelled, as far as its TTL tells.

#include "smtpath/path/back.h"

#include <gtest/gtest.h>

#include <array>

namespace smtpath::path {
namespace {

struct Row {
  int arrived;
  int initial;
  int back;
};

TEST(Back, IsCountedFromTheLeastLikelyInitialTtl) {
  constexpr std::array kRows{
      Row{64, 64, 1},      // the neighbouring device
      Row{63, 64, 2},      //
      Row{52, 64, 13},     //
      Row{1, 64, 64},      //
      Row{65, 128, 64},    //
      Row{128, 128, 1},    //
      Row{120, 128, 9},    //
      Row{129, 255, 127},  //
      Row{247, 255, 9},    //
      Row{255, 255, 1},    //
      Row{0, 64, 65},      // nothing arrives with it, and nothing overflows either
  };
  for (const Row& row : kRows) {
    const Ttl arrived{static_cast<std::uint8_t>(row.arrived)};
    EXPECT_EQ(likely_initial_ttl(arrived), Ttl{static_cast<std::uint8_t>(row.initial)}) << row.arrived;
    EXPECT_EQ(back_of(arrived), row.back) << row.arrived;
  }
}

TEST(Back, IsAtLeastOneWhateverArrives) {
  for (int arrived = 0; arrived <= 255; ++arrived) {
    EXPECT_GE(back_of(Ttl{static_cast<std::uint8_t>(arrived)}), 1) << arrived;
  }
}

}  // namespace
}  // namespace smtpath::path
