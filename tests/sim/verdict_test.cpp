// From declared paths to verdicts: tracer, observer and judge together, in virtual time.

#include <gtest/gtest.h>

#include <optional>

#include "support/network_builder.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using verdict::Kind;
using verdict::Place;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};

// client - 1 - 2 - 3 - 4 - 5 - server at 6
TEST(Trace, NamesTheTwoHopsBetweenWhichSynsVanish) {
  const auto traced = trace(routers(5).at(3).drops(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = traced.verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.location->place, Place::Path);
  expect_between(verdict, 3, 4);
  EXPECT_FALSE(verdict.location->suspect) << "silence leaves two candidates";
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
}

TEST(Trace, NamesTheRouterThatForgesResets) {
  const auto traced = trace(routers(5).at(3).resets(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = traced.verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::ResetInjected);
  expect_between(verdict, 3, 4);
  EXPECT_EQ(ttl_of(verdict.location->suspect), 3);
}

TEST(Trace, NamesTheRouterThatTakesOverAPort) {
  const auto traced = trace(routers(5).at(2).redirects(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = traced.verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Intercepted);
  expect_between(verdict, 1, 2);
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
}

TEST(Trace, TellsARouterThatResetsEveryMailPortFromAHostThatIsClosed) {
  NetworkBuilder path = routers(6);
  path.at(2);
  for (const Port port : {kSmtp, Port{465}, kSubmission, Port{2525}}) path.resets(port);
  path.server().open(Port{443}).echo(false);
  const auto traced = trace(path);
  // 443 alone leads farther: not enough to fix the distance, and enough not to call the resets the host's own.
  EXPECT_NE(traced.verdict_of(kSmtp).kind, Kind::Refused);
  EXPECT_NE(traced.verdict_of(kSmtp).kind, Kind::Open);
}

TEST(Trace, WaitsForTheRouterThatLooksForAHostThatIsNotThere) {
  const auto traced = trace(routers(4).server().nobody());
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Unreachable);
  EXPECT_GE(traced.run.duration(), std::chrono::milliseconds(3000));
}

TEST(Trace, CallsAPortOpenOnASingleAnswerOnlyWithMediumConfidence) {
  const auto traced =
      trace(routers(4).server().open(kSmtp).echo(false), {.ports = {{.port = kSmtp, .role = path::Role::Subject}}});
  const auto verdict = traced.verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Open);
  EXPECT_EQ(verdict.confidence, verdict::Confidence::Medium);
}

TEST(Trace, SaysNothingOfWhereOnAPathThatNeverAnswers) {
  NetworkBuilder path = routers(5);
  for (int hop = 1; hop <= 5; ++hop) path.at(hop).silent();
  path.at(3).drops_everything();
  const auto verdict = trace(path).verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.confidence, verdict::Confidence::Low);
  EXPECT_EQ(verdict.location->place, Place::Unknown);
  expect_between(verdict, 0, std::nullopt);
}

TEST(Trace, NeverSaysThatAHopWasMissedWhichWasNotAskedFor) {
  // Anchors are knocked on and not swept: their silence begins nowhere in particular.
  NetworkBuilder path = routers(5);
  path.at(4).drops_everything().server().echo(false);
  const auto verdict = trace(path).verdict_of(Port{443});
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.location->place, Place::Unknown);
  expect_between(verdict, 0, std::nullopt);
}

// client - 1 - 2 - 3 - (4 or a silent one) - 5 - 6 - server at 7: the drop is at 5, before the TTL check.
TEST(Trace, IsNotMisledByABranchThatIsSilent) {
  for (std::uint32_t salt = 0; salt < 20; ++salt) {
    NetworkBuilder path = routers(6);
    path.at(3).splits(2).salt(salt).branch(0, 1).silent();
    path.at(5).drops(kSmtp).before_ttl_check().server().open(kSubmission);
    const auto verdict = trace(path).verdict_of(kSmtp);
    SCOPED_TRACE(salt);
    EXPECT_EQ(verdict.kind, Kind::Dropped);
    EXPECT_LE(verdict.location->last_reached.ttl, Ttl{4});
    EXPECT_GE(verdict.location->first_missed->ttl, Ttl{5});
  }
}

TEST(Trace, RecognisesALoop) {
  const auto verdict = trace(routers(8).at(5).loops_to(4)).verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Loop);
}

}  // namespace
}  // namespace smtpath::test
