// When the capture lost packets, as its counters tell.

#include "smtpath/path/capture_loss.h"

#include <gtest/gtest.h>

namespace smtpath::path {
namespace {

Time at(int seconds) {
  return Time{std::chrono::seconds(1'700'000'000 + seconds)};
}

CaptureStatistics lost(std::uint64_t packets) {
  return {.received = 0, .dropped = packets};
}

TEST(CaptureLoss, LiesBetweenTheLooksThatShowIt) {
  CaptureLoss loss;
  loss.note(at(0), lost(0));
  loss.note(at(4), lost(0));
  loss.note(at(5), lost(3));
  ASSERT_EQ(loss.intervals().size(), 1U);
  EXPECT_EQ(loss.intervals()[0], (LossInterval{at(4), at(5), 3}));
  EXPECT_EQ(loss.between(at(0), at(3)), 0U);
  EXPECT_EQ(loss.between(at(0), at(4)), 3U);
  EXPECT_EQ(loss.between(at(5), at(9)), 3U);
  EXPECT_EQ(loss.between(at(6), at(9)), 0U);
}

TEST(CaptureLoss, GoesOnFromLookToLook) {
  CaptureLoss loss;
  loss.note(at(0), lost(0));
  loss.note(at(1), lost(1));
  loss.note(at(2), lost(4));
  loss.note(at(3), lost(4));
  loss.note(at(4), lost(5));
  ASSERT_EQ(loss.intervals().size(), 2U);
  EXPECT_EQ(loss.intervals()[0], (LossInterval{at(0), at(2), 4}));
  EXPECT_EQ(loss.intervals()[1], (LossInterval{at(3), at(4), 1}));
}

TEST(CaptureLoss, TakesFallingCountersForNewOnes) {
  CaptureLoss loss;
  loss.note(at(0), lost(7));
  loss.note(at(1), lost(2));
  EXPECT_EQ(loss.between(at(1), at(1)), 9U);
}

TEST(CaptureLoss, DoesNotRunBackwards) {
  CaptureLoss loss;
  loss.note(at(5), lost(0));
  loss.note(at(3), lost(1));
  ASSERT_EQ(loss.intervals().size(), 1U);
  EXPECT_EQ(loss.intervals()[0], (LossInterval{at(5), at(5), 1}));
}

TEST(CaptureLoss, KeepsABoundedNumberOfIntervals) {
  CaptureLoss loss;
  constexpr int kLooks = 10'000;
  for (int look = 0; look < kLooks; ++look) loss.note(at(look), lost(static_cast<std::uint64_t>(look / 2)));
  EXPECT_EQ(loss.intervals().size(), CaptureLoss::kMostIntervals);
  EXPECT_EQ(loss.between(at(0), at(kLooks)), std::uint64_t{kLooks / 2 - 1});
}

}  // namespace
}  // namespace smtpath::path
