// What may rightly be said of paths that split, of boxes that lie, and of what is rationed.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "support/network_builder.h"
#include "support/random_path_grade.h"
#include "support/random_path_truth.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using path::Role;
using verdict::Cause;
using verdict::Kind;

constexpr Port kSmtp{25};
constexpr Port kControl{587};
const std::vector<path::PortPlan> kPorts{{kSmtp, Role::Subject}, {kControl, Role::Control}, {Port{443}, Role::Anchor}};

PortTruth truth_at(const NetworkPath& path, std::span<const Port> source_ports = {}) {
  return truth_of(path, kPorts, source_ports).front();
}

std::string truth(const NetworkPath& path) {
  return to_string(truth_at(path));
}

bool allows(const NetworkPath& path, Kind kind, std::optional<Cause> cause = {}) {
  const PortTruth truth = truth_at(path);
  return std::any_of(truth.right.begin(), truth.right.end(),
                     [&](const RightVerdict& right) { return right.kind == kind && right.cause == cause; });
}

verdict::Verdict said(Kind kind, std::optional<Cause> cause, int last_reached, int first_missed) {
  verdict::Verdict verdict;
  verdict.kind = kind;
  verdict.cause = cause;
  verdict.location.emplace();
  verdict.location->last_reached.ttl = Ttl{} + last_reached;
  verdict.location->first_missed = {.ttl = Ttl{} + first_missed, .address = {}};
  return verdict;
}

Port source_on_branch(const Split& split, std::size_t branch) {
  Port source{40001};
  while (branch_of(split, {.source_port = source, .destination_port = kSmtp}) != branch) ++source.number;
  return source;
}

// client - 1 - 2 -+- 3 - 4 -+- 5 - server
//                 +- b - b -+
NetworkBuilder two_branches() {
  return routers(5).at(2).splits(2, 2).server().open(kSmtp).open(kControl);
}

TEST(BranchTruth, BlockOnOneBranchIsPathDependentAndLiesWithinIt) {
  EXPECT_EQ(truth(two_branches().at(3).drops(kSmtp)), "25: intermittent (path-dependent) by hop 3, within 2..6");
  EXPECT_EQ(truth(two_branches().branch(0, 1, 1).rejects(kSmtp, Unreachable::Host)),
            "25: intermittent (path-dependent) by hop 4, within 2..6");
}

TEST(BranchTruth, BlockOnEveryBranchIsThatOfAPlainPath) {
  EXPECT_EQ(truth(two_branches().at(3).drops(kSmtp).branch(0, 1, 0).drops(kSmtp)), "25: dropped by hop 3, within 3..4");
}

TEST(BranchTruth, BranchThatNoSourcePortTakesDoesNotCount) {
  const NetworkPath path = two_branches().at(3).drops(kSmtp);
  const Port blocked = source_on_branch(path.splits.front(), 0);
  const Port open = source_on_branch(path.splits.front(), 1);
  EXPECT_EQ(to_string(truth_at(path, std::vector{open})), "25: open");
  EXPECT_EQ(to_string(truth_at(path, std::vector{blocked})), "25: dropped by hop 3, within 3..4");
  EXPECT_EQ(truth_at(path, std::vector{open, blocked}).right.front().kind, Kind::Intermittent);
}

TEST(BranchTruth, ResetsOnABranchOfAClosedPortMayBeCalledByEitherName) {
  const NetworkPath path = routers(5).at(2).splits(2, 2).at(3).resets(kSmtp);
  EXPECT_TRUE(allows(path, Kind::Intermittent, Cause::PathDependent));
  EXPECT_TRUE(allows(path, Kind::Refused));
  EXPECT_TRUE(allows(path, Kind::ResetInjected));
}

TEST(BranchTruth, PathThatChangesMayBeSeenBeforeAfterOrBoth) {
  const NetworkPath path = routers(5).at(2).changes_path_after(1s).at(3).drops(kSmtp).server().open(kSmtp);
  EXPECT_TRUE(allows(path, Kind::Intermittent, Cause::PathDependent));
  EXPECT_TRUE(allows(path, Kind::Open));
  EXPECT_TRUE(allows(path, Kind::Dropped));
  EXPECT_FALSE(allows(path, Kind::Refused));
}

TEST(BranchTruth, SilentRoutersOfOneBranchDoNotNarrowTheLocation) {
  EXPECT_EQ(truth(two_branches().branch(0, 1, 1).silent().at(5).drops(kSmtp)), "25: dropped by hop 5, within 5..6");
  EXPECT_EQ(truth(two_branches().branch(0, 1, 1).silent().at(5).silent().drops(kSmtp)),
            "25: dropped by hop 5, within 3..6");
}

TEST(BranchGrade, ARouterOfABranchThatPassesIsNotWhereTheBlockBegins) {
  const NetworkPath path = two_branches().branch(0, 1, 1).drops(kSmtp);
  const std::vector ports{source_on_branch(path.splits.front(), 0), source_on_branch(path.splits.front(), 1)};
  const PortTruth truth = truth_at(path, ports);
  verdict::Verdict verdict = said(Kind::Intermittent, Cause::PathDependent, 4, 5);
  verdict.location->last_reached.address = path.splits.front().others.front().back().address;
  EXPECT_EQ(judge_outcome(truth, verdict), Grade::Right);
  verdict.location->last_reached.address = path.hop(4).address;
  EXPECT_EQ(judge_outcome(truth, verdict), Grade::Wrong);
}

TEST(BranchGrade, CountsAnotherCauseAsWrong) {
  const PortTruth truth = truth_at(two_branches().at(3).drops(kSmtp));
  EXPECT_EQ(judge_outcome(truth, said(Kind::Intermittent, Cause::PathDependent, 2, 3)), Grade::Right);
  EXPECT_EQ(judge_outcome(truth, said(Kind::Intermittent, Cause::RateLimited, 2, 3)), Grade::Wrong);
  EXPECT_EQ(judge_outcome(truth, said(Kind::Intermittent, Cause::PathDependent, 4, 5)), Grade::Wrong);
  EXPECT_EQ(judge_outcome(truth, said(Kind::Intermittent, Cause::PathDependent, 1, 5)), Grade::Vague);
}

NetworkBuilder open_server() {
  return routers(5).server().open(kSmtp).open(kControl);
}

TEST(LiarTruth, CopiedPacketsAreResetByTheDeviceEvenWhereTheServerAnswers) {
  EXPECT_EQ(truth(open_server().at(3).injects(kSmtp, {})), "25: reset-injected by hop 3, within 2..3");
}

TEST(LiarTruth, ResetsThatClientsIgnoreAreNoAnswers) {
  EXPECT_EQ(truth(open_server().at(3).injects(kSmtp, {.form = Inject::Form::Bare})), "25: open");
  EXPECT_EQ(truth(open_server().at(3).resets_barely(kSmtp)), "25: dropped by hop 3, within 3..4");
}

TEST(LiarTruth, ResetThatLosesTheRaceMayBePassedBy) {
  EXPECT_FALSE(allows(open_server().at(3).injects(kSmtp, {}), Kind::Open));
  EXPECT_FALSE(allows(open_server().at(3).injects(kSmtp, {.delay = 1ms}), Kind::Open));
  EXPECT_TRUE(allows(open_server().at(3).injects(kSmtp, {.delay = 100ms}), Kind::Open));
  EXPECT_TRUE(allows(open_server().at(3).injects(kSmtp, {.form = Inject::Form::AcknowledgesSequence}), Kind::Open));
}

TEST(LiarTruth, ForgedErrorsChangeNothing) {
  EXPECT_EQ(truth(open_server().at(3).injects_errors(kSmtp, {})), "25: open");
}

TEST(RationTruth, LimitThatEightSynsAtOnceDoNotFeelIsNone) {
  EXPECT_EQ(truth(open_server().limits(kSmtp, 10, 20)), "25: open");
}

TEST(RationTruth, LimitThatSomeFeelMayBeCalledOne) {
  EXPECT_EQ(truth(open_server().limits(kSmtp, 5, 10)),
            "25: open; or intermittent (rate-limited) by hop 6, within 0..6");
}

TEST(RationTruth, LimitThatNobodyCanMissMustBeCalledOne) {
  EXPECT_EQ(truth(open_server().limits(kSmtp, 1, 1)), "25: intermittent (rate-limited) by hop 6, within 0..6");
  EXPECT_EQ(truth(open_server().at(3).limits(kSmtp, 2, 1)), "25: intermittent (rate-limited) by hop 3, within 0..6");
}

TEST(RationTruth, FullQueueIsOverloadOfOpenPortsOnly) {
  EXPECT_TRUE(allows(open_server().queue_full(0.4), Kind::Intermittent, Cause::Overloaded));
  EXPECT_FALSE(allows(routers(5).server().open(kControl).queue_full(0.4), Kind::Intermittent, Cause::Overloaded));
  EXPECT_FALSE(allows(open_server().queue_full(0.4), Kind::Intermittent, Cause::Loss)) << "the echo comes back";
  EXPECT_TRUE(allows(open_server().drops(Port{443}).echo(false).queue_full(0.4), Kind::Intermittent, Cause::Loss));
}

TEST(RationTruth, LossMayBeCalledByItsNameWhereThereIsMuch) {
  EXPECT_FALSE(allows(open_server().at(2).loses(0.02, 0), Kind::Intermittent, Cause::Loss));
  EXPECT_TRUE(allows(open_server().at(2).loses(0.1, 0.1), Kind::Intermittent, Cause::Loss));
  EXPECT_TRUE(allows(open_server().at(2).loses_in_bursts(1s, 200ms), Kind::Intermittent, Cause::Loss));
  EXPECT_FALSE(allows(open_server().at(2).loses(0.1, 0.1).at(3).drops(kSmtp), Kind::Intermittent, Cause::Loss));
}

}  // namespace
}  // namespace smtpath::test
