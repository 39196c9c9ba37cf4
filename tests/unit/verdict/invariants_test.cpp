// What holds of every verdict, whatever the packets say.

#include <gtest/gtest.h>

#include "unit/verdict/judgement.h"
#include "unit/verdict/random_trace.h"

namespace smtpath::test {
namespace {

using verdict::Kind;
using verdict::Verdict;

void expect_sound(const Verdict& verdict, const path::PathTrace& trace) {
  EXPECT_EQ(verdict.location.has_value(), verdict.kind != Kind::Open);
  EXPECT_EQ(verdict.cause.has_value(), verdict.kind == Kind::Intermittent);
  EXPECT_EQ(verdict.reason.has_value(), verdict.kind == Kind::Inconclusive);
  EXPECT_FALSE(verdict.evidence.empty());
  for (const verdict::Evidence& evidence : verdict.evidence) {
    EXPECT_FALSE(evidence.rule.empty());
    EXPECT_FALSE(evidence.text.empty());
  }
  if (!verdict.location) return;
  const verdict::Location& location = *verdict.location;
  for (const auto& hop : {std::optional(location.last_reached), location.first_missed, location.suspect}) {
    if (!hop || !hop->address) continue;
    EXPECT_TRUE(shows(trace, *hop->address)) << to_string(*hop->address);
    EXPECT_GT(hop->ttl, Ttl{0});
  }
  if (location.suspect && location.suspect->ttl != Ttl{0}) {
    EXPECT_TRUE(location.suspect->address);
  }
  if (location.first_missed) {
    EXPECT_GT(location.first_missed->ttl, location.last_reached.ttl);
  }
  if (verdict.kind == Kind::Dropped && location.place != verdict::Place::Local) {
    EXPECT_FALSE(location.suspect) << "silence leaves two candidates";
  }
}

TEST(EveryVerdict, IsSoundWhateverThePacketsSay) {
  constexpr std::uint64_t kSeeds = 2000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const TraceBuilder trace = random_trace(seed);
    path::CaptureLoss loss;
    loss.note(Time::max(), {.received = 0, .dropped = seed % 7 == 0 ? 1U : 0U});
    const auto diagnosis = verdict::diagnose(trace, trace.plan(), {.capture_loss = &loss, .routes = {}});
    for (const verdict::PortDiagnosis& port : diagnosis.ports) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", port " + std::to_string(port.port.port.number) + ": " +
                   in_short(port.verdict) + " by " + rule_of(port.verdict));
      expect_sound(port.verdict, trace);
    }
    if (HasFailure()) break;
  }
}

TEST(EveryVerdict, IsTheSameForTheSamePackets) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const TraceBuilder trace = random_trace(seed);
    EXPECT_EQ(judge(trace), judge(trace)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace smtpath::test
