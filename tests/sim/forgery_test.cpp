// Devices that copy traffic and answer the copies, and those that accept in anybody's name: from declared paths to
// verdicts, in virtual time.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/network_builder.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using verdict::Confidence;
using verdict::Kind;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};

// client - 1 - 2 - 3 - 4 - 5 - server at 6
NetworkBuilder usual() {
  return routers(5).server().open(kSmtp).open(kSubmission);
}

bool rests_on(const verdict::Verdict& verdict, const std::string& rule) {
  return std::any_of(verdict.evidence.begin(), verdict.evidence.end(),
                     [&](const verdict::Evidence& evidence) { return evidence.rule == rule; });
}

TEST(Forgery, OfResetsToCopiesIsTold) {
  for (const int initial_ttl : {61, 64, 128, 255}) {
    const Inject inject{.initial_ttl = Ttl{static_cast<std::uint8_t>(initial_ttl)}};
    const auto verdict = trace(usual().at(3).injects(kSmtp, inject)).verdict_of(kSmtp);
    SCOPED_TRACE(initial_ttl);
    EXPECT_EQ(verdict.kind, Kind::ResetInjected);
    EXPECT_TRUE(rests_on(verdict, "expired-and-answered"));
    expect_between(verdict, 2, 3);
  }
}

// client - 1 - .. - injector 10 - .. - 17 - server at 18, which says nothing. What it resets with too little left never
// comes back, so that no probe draws a reset and expires at a router as well.
TEST(Forgery, OfResetsThatCopyTheirProbesIsTold) {
  const Inject inject{.copies_ttl = true};
  const NetworkPath path = routers(17).at(10).injects(kSmtp, inject).server().open(kSubmission).drops(kSmtp);
  const auto verdict = trace(path).verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::ResetInjected);
  EXPECT_TRUE(rests_on(verdict, "answer-copies-its-probe"));
  EXPECT_LT(verdict.location->last_reached.ttl, Ttl{10});
  EXPECT_GE(verdict.location->first_missed->ttl, Ttl{10});
}

TEST(Forgery, OfSeveralLateResetsIsTold) {
  const Inject inject{.times = 3, .delay = std::chrono::milliseconds(40)};
  const auto verdict = trace(usual().at(2).injects(kSmtp, inject)).verdict_of(kSmtp);
  EXPECT_EQ(verdict.kind, Kind::ResetInjected);
  expect_between(verdict, 1, 2);
}

TEST(Forgery, OfResetsThatClientsIgnoreChangesNothing) {
  for (const auto form : {Inject::Form::Bare, Inject::Form::AcknowledgesSequence}) {
    const auto verdict = trace(usual().at(3).injects(kSmtp, {.form = form})).verdict_of(kSmtp);
    EXPECT_EQ(verdict.kind, Kind::Open);
    EXPECT_TRUE(rests_on(verdict, "ignored-resets"));
  }
}

TEST(Forgery, OfErrorsChangesNothing) {
  for (const bool alters_quote : {false, true}) {
    const InjectError inject{.from = address_of(Family::Ipv4, 3, 99), .alters_quote = alters_quote};
    const auto open = trace(usual().at(3).injects_errors(kSmtp, inject)).verdict_of(kSmtp);
    EXPECT_EQ(open.kind, Kind::Open) << alters_quote;
    const auto dropped = trace(usual().at(3).injects_errors(kSmtp, inject).at(4).drops(kSmtp)).verdict_of(kSmtp);
    EXPECT_TRUE(dropped.kind == Kind::Dropped || dropped.kind == Kind::Inconclusive) << alters_quote;
  }
}

TEST(Nowhere, ProvesWhoAcceptsInAnybodysName) {
  const auto proven = trace(usual().at(5).redirects_everywhere(kSmtp));
  EXPECT_EQ(proven.verdict_of(kSmtp).kind, Kind::Intercepted);
  EXPECT_EQ(proven.verdict_of(kSmtp).confidence, Confidence::High);
  EXPECT_TRUE(rests_on(proven.verdict_of(kSmtp), "answered-from-nowhere"));
  const auto unproven = trace(usual().at(5).redirects(kSmtp));
  EXPECT_EQ(unproven.verdict_of(kSmtp).confidence, Confidence::Medium);
  EXPECT_TRUE(rests_on(unproven.verdict_of(kSmtp), "nobody-answers-from-nowhere"));
}

TEST(Nowhere, IsNotAskedWithoutSuspicion) {
  const auto traced = trace(usual());
  ASSERT_TRUE(traced.run.observer.trace(0).nowhere);
  EXPECT_TRUE(traced.run.observer.trace(0).nowhere->flows.empty());
}

}  // namespace
}  // namespace smtpath::test
