// What was asked of one port.

#include "probing/ledger.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "unit/path/trace_builder.h"

namespace smtpath::probing {
namespace {

using namespace std::chrono_literals;
using test::TraceBuilder;

constexpr Time kStart{1'700'000'000s};
constexpr Duration kPatience = 1s;

TEST(Ledger, SendsInTheOrderOfAskingAndNumbersWithinAFlow) {
  Ledger ledger;
  ledger.ask(0, Ttl{30});
  ledger.ask(1, Ttl{30});
  ledger.ask(0, Ttl{1});
  EXPECT_EQ(ledger.send_next(kStart).number, 1);
  EXPECT_EQ(ledger.send_next(kStart).number, 1) << "of another source port";
  const Asked& third = ledger.send_next(kStart);
  EXPECT_EQ(third.number, 2);
  EXPECT_EQ(third.ttl, Ttl{1});
  EXPECT_EQ(ledger.next_waiting(), nullptr);
}

TEST(Ledger, CountsSilenceOnlyOnceAProbeWasWaitedFor) {
  Ledger ledger;
  ledger.ask(0, Ttl{4});
  EXPECT_TRUE(ledger.is_open_at(Ttl{4}, kStart, kPatience)) << "it waits for its turn";
  EXPECT_FALSE(ledger.next_expiry(kStart, kPatience));
  ledger.send_next(kStart);
  EXPECT_EQ(ledger.next_expiry(kStart, kPatience), kStart + kPatience);
  EXPECT_EQ(ledger.silent_at(Ttl{4}, kStart + 999ms, kPatience), 0);
  EXPECT_TRUE(ledger.has_open(kStart + 999ms, kPatience));
  EXPECT_EQ(ledger.silent_at(Ttl{4}, kStart + kPatience, kPatience), 1);
  EXPECT_FALSE(ledger.has_open(kStart + kPatience, kPatience));
  EXPECT_EQ(ledger.silent_at(Ttl{5}, kStart + kPatience, kPatience), 0);
}

TEST(Ledger, KnowsAnswersAndRefusalsFromTheTrace) {
  Ledger ledger;
  for (const int ttl : {1, 2, 30}) {
    ledger.ask(0, Ttl{} + ttl);
    ledger.send_next(kStart);
  }
  const auto trace = TraceBuilder().port(25).router_answers(1).silent(2).refused(EPERM);
  ledger.note_answers(path::PortPath(trace, Port{25}));
  EXPECT_FALSE(ledger.is_open_at(Ttl{1}, kStart, kPatience));
  EXPECT_TRUE(ledger.is_open_at(Ttl{2}, kStart, kPatience));
  EXPECT_FALSE(ledger.is_open_at(Ttl{30}, kStart, kPatience));
  EXPECT_EQ(ledger.silent_at(Ttl{1}, kStart + 1h, kPatience), 0);
}

TEST(Ledger, WaitsNoLongerForWhatNeverLeftUntilItLeavesAfterAll) {
  Ledger ledger;
  ledger.ask(0, Ttl{30});
  ledger.send_next(kStart);
  path::PathTrace trace = TraceBuilder().port(25).silent(30);
  path::Probe& probe = trace.flows.front().probes.front();
  probe.is_unseen = true;
  ledger.note_answers(path::PortPath(trace, Port{25}));
  EXPECT_FALSE(ledger.is_open_at(Ttl{30}, kStart, kPatience));
  probe.is_unseen = false;
  ledger.note_answers(path::PortPath(trace, Port{25}));
  EXPECT_TRUE(ledger.is_open_at(Ttl{30}, kStart, kPatience)) << "the next hop's address was looked for";
}

TEST(Ledger, IgnoresNumbersInTheTraceThatItNeverSent) {
  Ledger ledger;
  ledger.ask(0, Ttl{1});
  ledger.send_next(kStart);
  const auto trace = TraceBuilder().port(25).silent(1).routers(2, 9);
  ledger.note_answers(path::PortPath(trace, Port{25}));
  EXPECT_TRUE(ledger.is_open_at(Ttl{1}, kStart, kPatience));
}

TEST(Ledger, FindsASlotThatOnlyOneTtlWasAskedOn) {
  Ledger ledger;
  EXPECT_EQ(ledger.fresh_slot(16), 0);
  ledger.ask(0, Ttl{30});
  ledger.ask(0, Ttl{1});
  ledger.ask(1, Ttl{6});
  EXPECT_EQ(ledger.slot_of_only(Ttl{6}, 16), 1);
  EXPECT_EQ(ledger.slot_of_only(Ttl{30}, 16), 2) << "slot 0 has other TTLs too";
  EXPECT_FALSE(ledger.slot_of_only(Ttl{7}, 2)) << "both are in use";
  EXPECT_FALSE(ledger.fresh_slot(2));
}

TEST(Ledger, TakesBackWhatWasNotSent) {
  Ledger ledger;
  ledger.ask(0, Ttl{30});
  ledger.send_next(kStart);
  ledger.ask(0, Ttl{29});
  ledger.withdraw_waiting();
  EXPECT_EQ(ledger.next_waiting(), nullptr);
  EXPECT_EQ(ledger.first_sent(), kStart);
  EXPECT_EQ(ledger.last_sent(), kStart);
}

TEST(Ledger, ListsWhenProbesOfATtlOrMoreLeft) {
  Ledger ledger;
  for (const int ttl : {30, 5, 6}) {
    ledger.ask(0, Ttl{} + ttl);
    ledger.send_next(kStart + ttl * 1ms);
  }
  ledger.ask(0, Ttl{30});
  EXPECT_EQ(ledger.sent_from(Ttl{6}), (std::vector<Time>{kStart + 30ms, kStart + 6ms}));
}

}  // namespace
}  // namespace smtpath::probing
