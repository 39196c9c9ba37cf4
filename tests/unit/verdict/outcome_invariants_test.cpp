// What holds of every outcome, whatever the observer of packets says.

#include <gtest/gtest.h>

#include <set>

#include "smtpath/verdict/outcome.h"
#include "unit/verdict/random_session.h"

namespace smtpath::test {
namespace {

using verdict::Outcome;
using verdict::SessionVerdict;

bool is_one_line(const std::string& text) {
  return !text.empty() && text.find_first_of("\r\n") == std::string::npos;
}

void expect_sound(const SessionVerdict& verdict) {
  EXPECT_FALSE(verdict.rule.empty());
  EXPECT_TRUE(is_one_line(verdict.text)) << verdict.text;
  for (const std::string& note : verdict.notes) EXPECT_TRUE(is_one_line(note)) << note;
  EXPECT_FALSE(verdict.is_probe && verdict.has_failed);
  EXPECT_NE(verdict.outcome, Outcome::CertificateInvalid);
  EXPECT_NE(verdict.outcome, Outcome::Ok);
  EXPECT_NE(verdict.outcome, Outcome::StarttlsNotOffered);
  const bool is_of_reset =
      verdict.outcome == Outcome::Refused || (verdict.outcome == Outcome::Reset && !verdict.is_probe);
  EXPECT_TRUE(verdict.reset_by || !is_of_reset);
  EXPECT_TRUE(verdict.icmp || verdict.outcome != Outcome::Rejected);
}

TEST(EveryOutcome, IsSoundWhateverTheSessionSays) {
  constexpr std::uint64_t kSeeds = 20'000;
  std::set<Outcome> seen;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto verdict = verdict::diagnose(random_session(seed));
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + verdict.text);
    seen.insert(verdict.outcome);
    expect_sound(verdict);
    if (HasFailure()) break;
  }
  EXPECT_EQ(seen.size(), verdict::kOutcomes.size() - 3) << "the sessions do not reach every rule";
}

TEST(EveryOutcome, IsTheSameForTheSameSession) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto once = verdict::diagnose(random_session(seed));
    const auto again = verdict::diagnose(random_session(seed));
    EXPECT_EQ(once.outcome, again.outcome) << "seed " << seed;
    EXPECT_EQ(once.text, again.text) << "seed " << seed;
  }
}

TEST(EveryOutcome, ComesFromTheFirstOfTheListWhereAMessageWasAccepted) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    session::Session session = random_session(seed);
    session.dialogue.messages_accepted = 1;
    EXPECT_EQ(verdict::diagnose(session).outcome, Outcome::Delivered) << "seed " << seed;
  }
}

}  // namespace
}  // namespace smtpath::test
