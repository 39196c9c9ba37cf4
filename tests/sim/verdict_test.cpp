// From declared paths to verdicts: tracer, observer and judge together, in virtual time.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "smtpath/verdict/diagnose.h"
#include "support/network_builder.h"
#include "support/simulation.h"

namespace smtpath::test {
namespace {

using path::Role;
using verdict::Kind;
using verdict::Place;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};

const std::vector<path::PortPlan> kUsualPorts{
    {.port = kSmtp, .role = Role::Subject},       {.port = Port{465}, .role = Role::Control},
    {.port = kSubmission, .role = Role::Control}, {.port = Port{2525}, .role = Role::Control},
    {.port = Port{443}, .role = Role::Anchor},    {.port = Port{80}, .role = Role::Anchor},
};

struct Traced {
  verdict::Diagnosis diagnosis;
  Duration duration;
};

Traced trace(const NetworkPath& path, const std::vector<path::PortPlan>& ports = kUsualPorts) {
  const path::Plan plan = plan_for(path, ports);
  Network network(path, 1);
  const Simulation simulation = run(plan, network);
  EXPECT_TRUE(simulation.finished);
  return {.diagnosis = verdict::diagnose(simulation.observer.trace(0), plan.targets.front(), {}),
          .duration = simulation.duration()};
}

verdict::Verdict verdict_of(const Traced& traced, Port port) {
  const auto& ports = traced.diagnosis.ports;
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const auto& judged) { return judged.port.port == port; });
  EXPECT_NE(found, ports.end());
  return found == ports.end() ? verdict::Verdict{} : found->verdict;
}

std::optional<int> ttl_of(const std::optional<verdict::HopReference>& hop) {
  if (!hop) return std::nullopt;
  return hop->ttl.hops;
}

void expect_between(const verdict::Verdict& verdict, int last_reached, std::optional<int> first_missed) {
  ASSERT_TRUE(verdict.location);
  EXPECT_EQ(int{verdict.location->last_reached.ttl.hops}, last_reached);
  EXPECT_EQ(ttl_of(verdict.location->first_missed), first_missed);
}

// client - 1 - 2 - 3 - 4 - 5 - server at 6
TEST(Trace, NamesTheTwoHopsBetweenWhichSynsVanish) {
  const auto traced = trace(routers(5).at(3).drops(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = verdict_of(traced, kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.location->place, Place::Path);
  expect_between(verdict, 3, 4);
  EXPECT_FALSE(verdict.location->suspect) << "silence leaves two candidates";
  EXPECT_EQ(verdict_of(traced, kSubmission).kind, Kind::Open);
}

TEST(Trace, NamesTheRouterThatForgesResets) {
  const auto traced = trace(routers(5).at(3).resets(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = verdict_of(traced, kSmtp);
  EXPECT_EQ(verdict.kind, Kind::ResetInjected);
  expect_between(verdict, 3, 4);
  EXPECT_EQ(ttl_of(verdict.location->suspect), 3);
}

TEST(Trace, NamesTheRouterThatTakesOverAPort) {
  const auto traced = trace(routers(5).at(2).redirects(kSmtp).server().open(kSmtp).open(kSubmission));
  const auto verdict = verdict_of(traced, kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Intercepted);
  expect_between(verdict, 1, 2);
  EXPECT_EQ(verdict_of(traced, kSubmission).kind, Kind::Open);
}

TEST(Trace, TellsARouterThatResetsEveryMailPortFromAHostThatIsClosed) {
  NetworkBuilder path = routers(6);
  path.at(2);
  for (const Port port : {kSmtp, Port{465}, kSubmission, Port{2525}}) path.resets(port);
  path.server().open(Port{443}).echo(false);
  const auto traced = trace(path);
  // 443 alone leads farther: not enough to fix the distance, and enough not to call the resets the host's own.
  EXPECT_NE(verdict_of(traced, kSmtp).kind, Kind::Refused);
  EXPECT_NE(verdict_of(traced, kSmtp).kind, Kind::Open);
}

TEST(Trace, WaitsForTheRouterThatLooksForAHostThatIsNotThere) {
  const auto traced = trace(routers(4).server().nobody());
  EXPECT_EQ(verdict_of(traced, kSmtp).kind, Kind::Unreachable);
  EXPECT_GE(traced.duration, std::chrono::milliseconds(3000));
}

TEST(Trace, CallsAPortOpenOnASingleAnswerOnlyWithMediumConfidence) {
  const auto traced = trace(routers(4).server().open(kSmtp).echo(false), {{.port = kSmtp, .role = Role::Subject}});
  const auto verdict = verdict_of(traced, kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Open);
  EXPECT_EQ(verdict.confidence, verdict::Confidence::Medium);
}

TEST(Trace, SaysNothingOfWhereOnAPathThatNeverAnswers) {
  NetworkBuilder path = routers(5);
  for (int hop = 1; hop <= 5; ++hop) path.at(hop).silent();
  path.at(3).drops_everything();
  const auto verdict = verdict_of(trace(path), kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.confidence, verdict::Confidence::Low);
  EXPECT_EQ(verdict.location->place, Place::Unknown);
  expect_between(verdict, 0, std::nullopt);
}

TEST(Trace, NeverSaysThatAHopWasMissedWhichWasNotAskedFor) {
  // Anchors are knocked on and not swept: their silence begins nowhere in particular.
  NetworkBuilder path = routers(5);
  path.at(4).drops_everything().server().echo(false);
  const auto verdict = verdict_of(trace(path), Port{443});
  EXPECT_EQ(verdict.kind, Kind::Dropped);
  EXPECT_EQ(verdict.location->place, Place::Unknown);
  expect_between(verdict, 0, std::nullopt);
}

TEST(Trace, RecognisesALoop) {
  const auto verdict = verdict_of(trace(routers(8).at(5).loops_to(4)), kSmtp);
  EXPECT_EQ(verdict.kind, Kind::Loop);
}

}  // namespace
}  // namespace smtpath::test
