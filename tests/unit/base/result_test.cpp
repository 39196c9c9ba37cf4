// A value, or the one line that says why there is none.

#include "smtpath/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace smtpath {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return Error{"halve " + std::to_string(number) + ": it is odd"};
  return number / 2;
}

TEST(Result, HoldsTheValueOfWhatSucceeded) {
  const Result<int> result = half_of(50);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.value(), 25);
}

TEST(Result, HoldsTheErrorOfWhatFailed) {
  const Result<int> result = half_of(25);
  ASSERT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error().message, "halve 25: it is odd");
}

TEST(Result, LetsTheValueBeChangedInPlace) {
  Result<int> result = half_of(50);
  result.value() += 1;
  EXPECT_EQ(result.value(), 26);
}

TEST(Result, GivesAwayAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(25);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 25);
}

TEST(Result, OfTextIsNoErrorBecauseItIsText) {
  const Result<std::string> result = std::string("text that is no error");
  EXPECT_TRUE(result.ok());
}

TEST(Result, OfAnOperationThatYieldsNothingIsDone) {
  const Result<Done> result = Done{};
  EXPECT_TRUE(result.ok());
}

}  // namespace
}  // namespace smtpath
