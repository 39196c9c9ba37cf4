// Which TTL is asked next to find the least that draws the answer.

#include "probing/elicit_search.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "unit/path/trace_builder.h"

namespace smtpath::probing {
namespace {

using namespace std::chrono_literals;
using test::TraceBuilder;
using Kind = ElicitStep::Kind;

constexpr Time kStart{1'700'000'000s};
constexpr Ttl kMax{30};

struct Search {
  explicit Search(const TraceBuilder& builder) : trace(builder) {}

  /// So many probes of this TTL were waited for in vain.
  Search& silent(int ttl, int times) {
    for (int i = 0; i < times; ++i) {
      ledger.ask(0, Ttl{} + ttl);
      ledger.send_next(kStart - 1h);
    }
    return *this;
  }
  Search& on_its_way(int ttl) {
    ledger.ask(0, Ttl{} + ttl);
    ledger.send_next(kStart);
    return *this;
  }
  ElicitStep next(std::optional<Ttl> reach = {}) const {
    const Situation situation{
        .now = kStart, .target = trace.target, .echo = path::PortPath::of_echo(trace), .patience = 1s, .reach = reach};
    return next_elicit_step(path::PortPath(trace, Port{25}), ledger, situation, kMax);
  }

  path::PathTrace trace;
  Ledger ledger;
};

TEST(ElicitSearch, EndsWhereARouterAnswersRightBelow) {
  const ElicitStep step = Search(TraceBuilder().port(25).routers(1, 5).syn_ack(6)).next();
  EXPECT_EQ(step.kind, Kind::Found);
  EXPECT_EQ(step.ttl, Ttl{6});
}

TEST(ElicitSearch, EndsAtTheFirstHop) {
  EXPECT_EQ(Search(TraceBuilder().port(25).rst(1)).next().kind, Kind::Found);
}

TEST(ElicitSearch, DoesNotAskAgainWhatThisHostRefused) {
  Search search(TraceBuilder().port(25).syn_ack(30).came_back_over(9));
  path::Probe refused;
  refused.number = 2;
  refused.ttl = Ttl{9};
  refused.refused = ENETUNREACH;
  search.trace.flows.front().probes.push_back(refused);
  EXPECT_EQ(search.next().kind, Kind::Exhausted);
}

TEST(ElicitSearch, AsksFirstWhatTheWayBackSuggests) {
  const ElicitStep step = Search(TraceBuilder().port(25).syn_ack(30).came_back_over(9)).next();
  EXPECT_EQ(step.kind, Kind::Ask);
  EXPECT_EQ(step.ttl, Ttl{9});
  EXPECT_EQ(step.probes, 1);
}

TEST(ElicitSearch, AsksOneMoreWhereARouterAnsweredAsFarAsTheWayBack) {
  const auto trace = TraceBuilder().port(25).routers(1, 9).rst(30).came_back_over(9);
  EXPECT_EQ(Search(trace).next().ttl, Ttl{10}) << "a device that answers after its TTL check";
}

TEST(ElicitSearch, AsksWhereTheHostIsThoughtToBe) {
  const auto trace = TraceBuilder().port(25).routers(1, 3).syn_ack(30).came_back_over(1);
  EXPECT_EQ(Search(trace).next(Ttl{12}).ttl, Ttl{12});
}

TEST(ElicitSearch, HalvesWhatIsLeft) {
  const auto trace = TraceBuilder().port(25).routers(1, 10).syn_ack(30).came_back_over(1);
  EXPECT_EQ(Search(trace).next().ttl, Ttl{20});
}

TEST(ElicitSearch, WaitsForAProbeOnItsWay) {
  Search search(TraceBuilder().port(25).syn_ack(30).came_back_over(9));
  EXPECT_EQ(search.on_its_way(9).next().kind, Kind::Wait);
}

TEST(ElicitSearch, MakesSureThatSilenceIsSilence) {
  Search search(TraceBuilder().port(25).syn_ack(30).came_back_over(9));
  const ElicitStep again = search.silent(9, 1).next();
  EXPECT_EQ(again.kind, Kind::Ask);
  EXPECT_EQ(again.ttl, Ttl{9});
  EXPECT_EQ(again.probes, path::kSilentTries - 1);
  EXPECT_GT(search.silent(9, path::kSilentTries - 1).next().ttl, Ttl{9});
}

TEST(ElicitSearch, LooksRightBelowAnAnswerAtTheGuess) {
  const auto trace = TraceBuilder().port(25).routers(1, 3).syn_ack(9).came_back_over(9);
  EXPECT_EQ(Search(trace).next().ttl, Ttl{8}) << "a silent router may hide the boundary";
}

TEST(ElicitSearch, AsksTheFullTtlAloneWhereNoAnswerNamesItsProbe) {
  const auto trace = TraceBuilder().port(25).silent(5).rst(30).unattributed();
  const ElicitStep step = Search(trace).next();
  EXPECT_EQ(step.kind, Kind::Ask);
  EXPECT_EQ(step.ttl, kMax);
}

TEST(ElicitSearch, ComesToAnEndWhateverTheWayBackSays) {
  for (int arrived = 0; arrived <= 255; ++arrived) {
    for (const int elicit : {1, 2, 3, 15, 30}) {
      Search search(TraceBuilder().port(25).syn_ack(elicit).arrived_with(arrived));
      int steps = 0;
      ElicitStep step = search.next();
      while (step.kind == Kind::Ask && ++steps < 100) {
        ASSERT_GE(step.ttl, Ttl{1});
        ASSERT_LT(step.ttl, Ttl{} + elicit);
        search.silent(step.ttl.hops, step.probes);
        step = search.next();
      }
      EXPECT_EQ(step.kind, Kind::Found) << arrived << " " << elicit;
      EXPECT_EQ(step.ttl, Ttl{} + elicit);
    }
  }
}

}  // namespace
}  // namespace smtpath::probing
