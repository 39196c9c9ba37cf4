#include "smtpath/report/conclusion.h"

#include <gtest/gtest.h>

#include <map>

#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using path::ReplyKind;
using samples::Way;

Way five_hops() {
  return Way({"10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1", "203.0.113.9"});
}

std::string conclusion_on(std::vector<PortReport> ports) {
  return conclusion_of(five_hops().target("mx.example.com", std::move(ports)));
}

TEST(Conclusion, NamesTroubleFirstThenWhatPasses) {
  EXPECT_EQ(conclusion_of(samples::one_of_each()),
            "Port 25 is reset at hop 3 (10.0.3.1) in the server's name; 465 is dropped between hop 3 (10.0.3.1) and "
            "hop 4 (10.0.4.1); 587 passes; 2525 is closed at the server.");
}

TEST(Conclusion, TellsEveryVerdictInPlainWords) {
  const std::map<std::string, std::string> expected{
      {"open", "All ports asked (25 and 587) are open."},
      {"open-with-closed-controls",
       "Ports 25 and 587 are open; 465 and 2525 are closed at the server, which is ordinary for a mail exchanger."},
      {"refused", "Port 25 is refused by the server itself; 587 passes; 465 is closed at the server."},
      {"dropped", "Port 25 is dropped between hop 2 (10.0.2.1) and hop 3 (10.0.3.1); 587 passes."},
      {"dropped-all", "All ports asked (25, 465 and 587) are dropped between hop 2 (10.0.2.1) and hop 3 (10.0.3.1)."},
      {"dropped-at-the-edge", "Port 25 is dropped by the server or the last device before it."},
      {"dropped-locally", "Port 25 is stopped on this host; 587 passes."},
      {"rejected", "Port 25 is rejected with admin-prohibited at hop 2 (10.0.2.1); 587 passes."},
      {"rejected-at-the-server", "Port 25 is rejected with host-prohibited at the server; 587 passes."},
      {"reset-injected", "Port 25 is reset at hop 2 (10.0.2.1) in the server's name; 587 passes."},
      {"unreachable", "203.0.113.9 cannot be reached on any port asked: host-unreachable at hop 3 (10.0.3.1)."},
      {"no-route", "Nothing can be sent: this host has no route to 203.0.113.9, or no address to send from."},
      {"intercepted",
       "Port 25 is taken over at hop 2 (10.0.2.1): something else answers in the server's name; 587 passes."},
      {"intermittent-path-dependent",
       "Port 25 passes on some paths only (1 of 2 flows) and probably fails between hop 3 (10.0.3.1) and hop 5 "
       "(203.0.113.9); 587 passes."},
      {"intermittent-rate-limited",
       "Port 25 passes at times only, probably because the rate is limited between hop 3 (10.0.3.1) and hop 5 "
       "(203.0.113.9); 587 passes."},
      {"intermittent-overloaded",
       "Port 25 passes at times only, probably because the server is overloaded; 587 passes."},
      {"intermittent-loss",
       "Port 25 passes at times only, probably because packets get lost between hop 3 (10.0.3.1) and hop 5 "
       "(203.0.113.9); 587 passes."},
      {"inconclusive-capture-loss", "Port 25 is inconclusive: the capture lost packets that may have been the answer."},
      {"inconclusive-too-few-replies", "Port 25 is inconclusive: too few replies came back."},
      {"inconclusive-contradictory-replies", "Port 25 is inconclusive: the replies contradict each other."},
      {"inconclusive-unknown-distance", "Port 25 is inconclusive: nothing shows how far away the server is."},
      {"inconclusive-interrupted", "Port 25 is inconclusive: the run was cut short."},
      {"inconclusive-other-route", "Port 25 is inconclusive: mail to it leaves this host another way than probes can."},
      {"loop", "Port 25 is caught in a routing loop between hop 3 (10.0.3.1) and hop 4 (10.0.2.1)."},
      {"mx.invalid", "mx.invalid does not exist"},
  };
  const auto targets = samples::every_verdict();
  EXPECT_EQ(targets.size(), expected.size());
  for (const TargetReport& target : targets) EXPECT_EQ(conclusion_of(target), expected.at(target.target));
}

TEST(Conclusion, SaysOfASinglePortOnlyThatPort) {
  EXPECT_EQ(conclusion_on({five_hops().answered(25, ReplyKind::SynAck)}), "Port 25 is open.");
  EXPECT_EQ(conclusion_on({five_hops().silent_beyond(25, 3)}),
            "Port 25 is dropped between hop 3 (10.0.3.1) and hop 4 (10.0.4.1).");
}

TEST(Conclusion, PutsTheSubjectsBeforeTheControls) {
  EXPECT_EQ(conclusion_on({five_hops().answered(25, ReplyKind::SynAck), five_hops().silent_beyond(465, 3),
                           five_hops().silent_beyond(2525, 3)}),
            "Port 25 is open; 465 and 2525 are dropped between hop 3 (10.0.3.1) and hop 4 (10.0.4.1).");
}

TEST(Conclusion, CallsAHopWithoutAddressSilent) {
  const Way way({"10.0.1.1", "", "203.0.113.9"});
  PortReport port = way.silent_beyond(25, 1);
  port.verdict.location->suspect = way.hop(2);
  EXPECT_EQ(conclusion_of(way.target("mx", {port})), "Port 25 is dropped at hop 2 (silent).");
}

TEST(Conclusion, NamesNoHopBeyondTheLastThatAnswered) {
  PortReport port = five_hops().silent_beyond(25, 3);
  port.verdict.location->place = verdict::Place::Unknown;
  port.verdict.location->first_missed = std::nullopt;
  EXPECT_EQ(conclusion_on({port}), "Port 25 is dropped beyond hop 3 (10.0.3.1).");
  port.verdict.location->last_reached = five_hops().hop(0);
  EXPECT_EQ(conclusion_on({port}), "Port 25 is dropped beyond this host.");
}

TEST(Conclusion, IsNoSurerThanTheVerdict) {
  PortReport port = five_hops().silent_beyond(25, 3);
  port.verdict.confidence = verdict::Confidence::Medium;
  EXPECT_EQ(conclusion_on({port}), "Port 25 is probably dropped between hop 3 (10.0.3.1) and hop 4 (10.0.4.1).");
  port.verdict.confidence = verdict::Confidence::Low;
  EXPECT_EQ(conclusion_on({port}), "Port 25 is perhaps dropped between hop 3 (10.0.3.1) and hop 4 (10.0.4.1).");
}

TEST(Conclusion, SaysOfAHostOutOfReachThatItsNextHopIsSilentWhenThatIsWhy) {
  PortReport port = five_hops().silent_beyond(25, 0);
  port.verdict.kind = verdict::Kind::Unreachable;
  port.verdict.location->place = verdict::Place::Local;
  EXPECT_EQ(conclusion_on({port}), "203.0.113.9 cannot be reached: the next hop does not answer this host.");
}

TEST(Conclusion, IsEmptyWithoutPorts) {
  EXPECT_EQ(conclusion_on({}), "");
}

}  // namespace
}  // namespace smtpath::report
