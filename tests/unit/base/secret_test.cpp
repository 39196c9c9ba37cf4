#include "smtpath/base/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace smtpath {
namespace {

TEST(Secret, HoldsWhatItIsGiven) {
  Secret secret("hunter");
  secret.append("2");
  EXPECT_EQ(secret.text(), "hunter2");
  EXPECT_EQ(secret.size(), 7U);
}

TEST(Secret, IsOverwrittenWhereItLay) {
  Secret secret("hunter2");
  const char* const place = secret.text().data();
  const std::size_t size = secret.size();
  secret.clear();
  EXPECT_TRUE(secret.empty());
  // Cleared, not given back: the bytes may still be looked at.
  EXPECT_TRUE(std::all_of(place, place + size, [](char each) { return each == '\0'; }));
}

TEST(Secret, MovesWithoutLeavingACopy) {
  Secret from("hunter2");
  const char* const place = from.text().data();
  const Secret to(std::move(from));
  EXPECT_EQ(to.text().data(), place);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that it is, is the point.
}

TEST(Secret, CopiesAreTheirOwn) {
  Secret first("hunter2");
  Secret second;
  second = first;
  first.clear();
  EXPECT_EQ(second.text(), "hunter2");
}

TEST(Secret, WipesAnyBytes) {
  std::array<char, 3> bytes{'a', 'b', 'c'};
  wipe(bytes);
  EXPECT_EQ(bytes, (std::array<char, 3>{}));
}

}  // namespace
}  // namespace smtpath
