#include "smtpath/report/run_status.h"

#include <gtest/gtest.h>

#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using verdict::Kind;

TargetReport with_subject(Kind kind) {
  TargetReport target = samples::one_of_each();
  target.ports.resize(1);
  target.ports[0].verdict.kind = kind;
  return target;
}

TargetReport with_error(facts::TargetErrorKind kind) {
  TargetReport target;
  target.error = facts::TargetError{kind, "no"};
  return target;
}

int status_of(std::vector<TargetReport> targets) {
  return samples::tally_of(samples::run_of(std::move(targets))).exit_status();
}

TEST(RunStatus, IsSuccessWhenEverySubjectIsOpen) {
  EXPECT_EQ(status_of({with_subject(Kind::Open), with_subject(Kind::Open)}), 0);
}

TEST(RunStatus, DoesNotLookAtControls) {
  TargetReport target = with_subject(Kind::Open);
  target.ports.push_back(samples::one_of_each().ports[1]);
  EXPECT_EQ(status_of({target}), 0);
  EXPECT_EQ(worst_verdict_of(target), Kind::Open);
}

TEST(RunStatus, IsOneForEveryVerdictThatIsNeitherOpenNorInconclusive) {
  for (const Kind kind : kVerdictsBestFirst) {
    const int expected = kind == Kind::Open ? 0 : kind == Kind::Inconclusive ? 2 : 1;
    EXPECT_EQ(status_of({with_subject(kind)}), expected) << to_string(kind);
  }
}

TEST(RunStatus, LetsAKnownFailureOutweighAnUnknownOne) {
  EXPECT_EQ(status_of({with_subject(Kind::Inconclusive), with_subject(Kind::Dropped), with_subject(Kind::Open)}), 1);
  EXPECT_EQ(status_of({with_subject(Kind::Open), with_subject(Kind::Inconclusive)}), 2);
}

TEST(RunStatus, TellsNoTargetResolvedFromSomeNotResolved) {
  EXPECT_EQ(status_of({with_error(facts::TargetErrorKind::UnknownHost)}), 68);
  EXPECT_EQ(
      status_of({with_error(facts::TargetErrorKind::NoAddress), with_error(facts::TargetErrorKind::ResolverFailure)}),
      68);
  EXPECT_EQ(status_of({with_error(facts::TargetErrorKind::UnknownHost), with_subject(Kind::Open)}), 2);
}

TEST(RunStatus, KnowsThatATargetWithoutARouteIsNotUsable) {
  EXPECT_EQ(status_of({with_error(facts::TargetErrorKind::NoRoute)}), 1);
  EXPECT_EQ(status_of({with_error(facts::TargetErrorKind::NotUnicast)}), 2);
}

TEST(RunStatus, HasNoWorstVerdictForATargetThatWasNotTried) {
  EXPECT_EQ(worst_verdict_of(with_error(facts::TargetErrorKind::UnknownHost)), std::nullopt);
}

TEST(RunStatus, TakesTheWorstOfSeveralSubjects) {
  TargetReport target = samples::one_of_each();
  for (PortReport& port : target.ports) port.role = path::Role::Subject;
  EXPECT_EQ(worst_verdict_of(target), Kind::ResetInjected);
}

}  // namespace
}  // namespace smtpath::report
