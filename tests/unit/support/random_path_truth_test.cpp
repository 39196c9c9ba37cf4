// What may rightly be said of a declared path: the classes of identical packets.

#include "support/random_path_truth.h"

#include <gtest/gtest.h>

#include "support/network_builder.h"
#include "support/random_path_grade.h"

namespace smtpath::test {
namespace {

using path::Role;
using verdict::Kind;

constexpr Port kSubject{25};
constexpr Port kControl{587};
constexpr Port kAnchor{443};

std::vector<PortTruth> truths(const NetworkPath& path) {
  const std::vector<path::PortPlan> ports{
      {kSubject, Role::Subject}, {kControl, Role::Control}, {kAnchor, Role::Anchor}};
  return truth_of(path, ports);
}

std::string truth(const NetworkPath& path) {
  return to_string(truths(path).front());
}

verdict::Verdict said(Kind kind, int last_reached, std::optional<int> first_missed) {
  verdict::Verdict verdict;
  verdict.kind = kind;
  verdict.location.emplace();
  verdict.location->last_reached.ttl = Ttl{} + last_reached;
  if (first_missed) verdict.location->first_missed = {.ttl = Ttl{} + *first_missed, .address = {}};
  return verdict;
}

TEST(Truth, ServerDecidesWhereNoRuleDoes) {
  EXPECT_EQ(truth(routers(5).server().open(kSubject)), "25: open");
  EXPECT_EQ(truth(routers(5)), "25: refused by hop 6, within 5..");
  EXPECT_EQ(truth(routers(5).server().open(kSubject).resets(kSubject)), "25: refused by hop 6, within 5..");
}

TEST(Truth, DropAfterTheTtlCheckLiesBetweenItsHopAndTheNext) {
  EXPECT_EQ(truth(routers(5).at(3).drops(kSubject)), "25: dropped by hop 3, within 3..4");
}

TEST(Truth, DropBeforeTheTtlCheckLiesBetweenTheHopBeforeAndItsOwn) {
  EXPECT_EQ(truth(routers(5).at(3).drops(kSubject).before_ttl_check()), "25: dropped by hop 3, within 2..3");
}

TEST(Truth, SilentRoutersWidenTheLocation) {
  EXPECT_EQ(truth(routers(5).at(2).silent().at(3).silent().drops(kSubject).at(4).silent()),
            "25: dropped by hop 3, within 1..5");
}

TEST(Truth, OnlyTheEchoBeyondShowsTheDestinationAlone) {
  const NetworkPath path = routers(5).at(3).drops(kSubject).drops(kControl).server().drops(kAnchor);
  EXPECT_EQ(truth(path), "25: dropped by hop 3, within 3..6");
}

TEST(Truth, NothingBeyondLeavesTheLocationOpen) {
  EXPECT_EQ(truth(routers(5).at(3).drops_everything()), "25: dropped by hop 3, within 3..");
}

TEST(Truth, DropByTheServerLooksLikeOneBehindTheLastRouter) {
  EXPECT_EQ(truth(routers(5).server().drops(kSubject)), "25: dropped by hop 6, within 5..6");
  EXPECT_EQ(truth(routers(5).at(5).drops(kSubject)), "25: dropped by hop 5, within 5..6");
}

TEST(Truth, ForgedResetShortOfAKnownDistanceIsNothingElse) {
  EXPECT_EQ(truth(routers(5).at(3).resets(kSubject)), "25: reset-injected by hop 3, within 3..4");
  EXPECT_EQ(truth(routers(5).at(3).resets(kSubject).before_ttl_check()), "25: reset-injected by hop 3, within 2..3");
}

TEST(Truth, ForgedResetThatNothingContradictsLooksLikeAClosedPort) {
  EXPECT_EQ(
      truth(routers(5).at(3).resets(kSubject).resets(kControl).server().drops(Port{443}).drops(Port{80}).echo(false)),
      "25: reset-injected by hop 3, within 3..; or refused by hop 4, within 3..");
}

TEST(Truth, ForgedResetIsNoClosedPortWhereAnotherPortLeadsFarther) {
  EXPECT_EQ(truth(routers(5).at(3).resets(kSubject).server().echo(false).drops(kControl)),
            "25: reset-injected by hop 3, within 3..4");
}

TEST(Truth, ForgedResetOfTheLastRouterShowsOnlyBesideTheHostsSynAcks) {
  EXPECT_EQ(truth(routers(5).at(5).resets(kSubject).server().open(kControl)),
            "25: reset-injected by hop 5, within 5..6");
  EXPECT_EQ(truth(routers(5).at(5).resets(kSubject)),
            "25: reset-injected by hop 5, within 5..6; or refused by hop 6, within 5..");
  EXPECT_EQ(truth(routers(5).at(5).resets(kSubject).server().open(kControl).extra_return_hops(1)),
            "25: reset-injected by hop 5, within 5..6; or refused by hop 6, within 5..");
}

TEST(Truth, HostUnreachableForOnePortIsARejection) {
  EXPECT_EQ(truth(routers(5).at(3).rejects(kSubject, Unreachable::Host)), "25: rejected by hop 3, within 3..4");
}

TEST(Truth, HostUnreachableForEveryPortSpeaksOfTheHostUnlessItAnswersEcho) {
  const NetworkPath pings = routers(5)
                                .at(3)
                                .rejects(kSubject, Unreachable::Host)
                                .rejects(kControl, Unreachable::Host)
                                .server()
                                .drops(kAnchor);
  NetworkPath silent = pings;
  silent.server.answers_echo = false;
  EXPECT_EQ(truth(pings), "25: rejected by hop 3, within 3..6");
  EXPECT_EQ(truth(silent), "25: rejected by hop 3, within 3..; or unreachable by hop 3, within 3..");
}

TEST(Truth, RouteThatLeadsNowhereSpeaksOfTheHost) {
  EXPECT_EQ(truth(routers(5).at(3).rejects_everything(Unreachable::Net).before_ttl_check()),
            "25: unreachable by hop 3, within 2..; or rejected by hop 3, within 2..");
  EXPECT_EQ(truth(routers(5).server().nobody()),
            "25: unreachable by hop 5, within 5..; or rejected by hop 5, within 5..");
}

TEST(Truth, RejectionByTheServerIsItsOwn) {
  EXPECT_EQ(truth(routers(5).server().rejects(kSubject, Unreachable::Port)), "25: rejected by hop 6, within 5..");
}

TEST(Grade, IsRightWithinTheAnsweringNeighbours) {
  const PortTruth dropped = truths(routers(5).at(3).drops(kSubject)).front();
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 3, 4)), Grade::Right);
}

TEST(Grade, IsVagueWhereTheLocationIsWider) {
  const PortTruth dropped = truths(routers(5).at(3).drops(kSubject)).front();
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 2, 4)), Grade::Vague);
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 3, 5)), Grade::Vague);
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 3, {})), Grade::Vague);
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Inconclusive, 0, {})), Grade::Vague);
}

TEST(Grade, IsWrongWhereTheActingHopLiesOutsideOrTheVerdictIsAnother) {
  const PortTruth dropped = truths(routers(5).at(3).drops(kSubject)).front();
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 4, 5)), Grade::Wrong);
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Dropped, 1, 2)), Grade::Wrong);
  EXPECT_EQ(judge_outcome(dropped, said(Kind::Refused, 3, 4)), Grade::Wrong);
}

TEST(Grade, SilenceNamesNoSuspect) {
  const PortTruth dropped = truths(routers(5).at(3).drops(kSubject)).front();
  verdict::Verdict verdict = said(Kind::Dropped, 3, 4);
  EXPECT_FALSE(names_wrong_suspect(dropped, verdict));
  verdict.location->suspect = {.ttl = Ttl{3}, .address = {}};
  EXPECT_TRUE(names_wrong_suspect(dropped, verdict));
}

TEST(Grade, ForgerIsTheOnlySuspectOfAForgedReset) {
  const PortTruth forged = truths(routers(5).at(3).resets(kSubject)).front();
  verdict::Verdict verdict = said(Kind::ResetInjected, 3, 4);
  verdict.location->suspect = {.ttl = Ttl{3}, .address = {}};
  EXPECT_FALSE(names_wrong_suspect(forged, verdict));
  verdict.location->suspect = {.ttl = Ttl{4}, .address = {}};
  EXPECT_TRUE(names_wrong_suspect(forged, verdict));
}

// 25 and 587 are all that is asked; both accept at hop 3, and no echo contradicts them.
TEST(Truth, ProxyOfAllPortsOfASilentHostLooksLikeTheHost) {
  NetworkBuilder path = routers(5).at(3).redirects(kSubject).redirects(kControl).server().echo(false);
  EXPECT_EQ(truth(path), "25: intercepted by hop 3, within 2..; or open");
  EXPECT_EQ(truth(path.echo(true)), "25: intercepted by hop 3, within 2..6");
}

// client - 1 - 2 - 3 - 4 - 5 - server at 6, which answers echo, and whose port 587 is closed
TEST(Truth, AHostBesideThePathActsWhereItStandsOrWherePacketsAreLedToIt) {
  EXPECT_EQ(truth(routers(5).at(2).leads_elsewhere(kSubject, 4)),
            "25: intercepted by hop 4, within 1..; or intercepted by hop 2, within 1..");
  EXPECT_EQ(truth(routers(5).at(2).leads_elsewhere(kSubject, 8).translates_errors(false)),
            "25: intercepted by hop 8, within 1..; or intercepted by hop 2, within 1..");
}

TEST(Truth, AHostAsFarAsTheServerIsGivenAwayByTranslatedErrorsOnly) {
  const NetworkBuilder path = routers(5).at(2).leads_elsewhere(kSubject, 6);
  EXPECT_EQ(truths(path).front().right.back().kind, Kind::Intercepted);
  EXPECT_EQ(truths(NetworkBuilder(path).translates_errors(false)).front().right.back().kind, Kind::Open);
}

TEST(Truth, AHostBehindTheServersPlaceLooksLikeOneThatTheServerPassesThePortOnTo) {
  const NetworkPath path = routers(5).at(5).silent().leads_elsewhere(kSubject, 7);
  EXPECT_EQ(truths(path).front().right.back().kind, Kind::Open)
      << "its first error comes from hop 6, as the server's would";
}

TEST(Truth, APortThatTheServerPassesOnIsItsOwn) {
  EXPECT_EQ(truth(routers(5).server().forwards(kSubject)), "25: open");
  EXPECT_EQ(truth(routers(5).server().forwards_closed(kSubject)),
            "25: refused by hop 6, within 5..; or refused by hop 7, within 5..");
}

TEST(Grade, CountsAnySuspectAsWrongWhereTheBoxThatActsIsNoHopOfThePath) {
  const PortTruth elsewhere = truths(routers(5).at(2).leads_elsewhere(kSubject, 3)).front();
  verdict::Verdict verdict = said(Kind::Intercepted, 2, 3);
  EXPECT_EQ(judge_outcome(elsewhere, verdict), Grade::Right);
  EXPECT_FALSE(names_wrong_suspect(elsewhere, verdict));
  verdict.location->suspect = {.ttl = Ttl{3}, .address = {}};
  EXPECT_TRUE(names_wrong_suspect(elsewhere, verdict));
}

}  // namespace
}  // namespace smtpath::test
