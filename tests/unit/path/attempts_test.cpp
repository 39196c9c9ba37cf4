// SYNs that go as far as the host, and what came of each.

#include "smtpath/path/attempts.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using namespace std::chrono_literals;
using test::TraceBuilder;

TraceBuilder port_25() {
  return TraceBuilder().port(25);
}

/// "0:- 1:syn-ack": the slots of those that go as far as hop 6, and their answers.
std::string attempts_in(const PathTrace& trace) {
  std::string text;
  for (const Attempt& attempt : attempts_of(PortPath(trace, Port{25}), Ttl{6})) {
    text += (text.empty() ? "" : " ") + std::to_string(attempt.flow->slot) + ":";
    text += attempt.reply == nullptr ? "-" : to_string(attempt.reply->kind);
  }
  return text;
}

/// With a timestamp, which echoes that of the probe.
void name_probes(PathTrace& trace) {
  for (FlowTrace& flow : trace.flows) {
    for (Probe& probe : flow.probes) {
      for (Reply& reply : probe.replies) {
        if (reply.tcp) reply.tcp->options.timestamps.emplace();
      }
    }
  }
}

struct Row {
  const char* what;
  TraceBuilder trace;
  const char* attempts;
};

std::vector<Row> rows() {
  return {
      {"nothing was sent", port_25(), ""},
      {"what dies on the way is none", port_25().routers(1, 5), ""},
      {"what dies on the way is none, though nobody says so", port_25().silent(5).silent(6), "0:-"},
      {"more than enough is as good", port_25().silent(6).silent(30), "0:- 0:-"},
      {"a time exceeded is no answer", port_25().time_exceeded(6, TraceBuilder::router(6)), "0:-"},
      {"a plain ACK is no answer", port_25().plain_ack(6), "0:-"},
      {"an unreachable is one", port_25().unreachable(30, 13, TraceBuilder::router(3), 3), "0:icmp-unreachable"},
      {"TCP's answer counts before an error's", port_25().unreachable(30, 13, TraceBuilder::router(3), 3).and_rst(),
       "0:rst"},
      {"a flow is not asked again once it is answered", port_25().syn_ack(6).silent(6).silent(30), "0:syn-ack"},
      {"other flows are", port_25().syn_ack(6).flow(1).silent(6), "0:syn-ack 1:-"},
      {"an answer without a name may be that of those right before it", port_25().silent(6).syn_ack(6), "0:syn-ack"},
      {"a reset that came of no probe is that of the last before it", port_25().silent(6).rst(30).unattributed(),
       "0:rst"},
      {"refused by this host", port_25().refused(EPERM).silent(6), "0:-"},
      {"seen by no interface", port_25().silent(6).unseen().silent(6), "0:-"},
      {"of other ports", port_25().silent(6).port(587).syn_ack(6), "0:-"},
  };
}

TEST(Attempts, AreSynsThatGoAsFarAsTheHostUpToTheFirstAnswerOfTheirFlow) {
  for (const Row& row : rows()) EXPECT_EQ(attempts_in(row.trace), row.attempts) << row.what;
}

TEST(Attempts, ThatDrewNothingAreKnownWhereTheNextAnswerNamesItsProbe) {
  PathTrace trace = port_25().silent(6).syn_ack(6);
  name_probes(trace);
  EXPECT_EQ(attempts_in(trace), "0:- 0:syn-ack");
}

TEST(Attempts, ThatDrewNothingForASecondAreNotAnsweredByWhatComesLater) {
  PathTrace trace = port_25().silent(6).syn_ack(6);
  Probe& answered = trace.flows[0].probes[1];
  answered.sent = answered.sent + 2s;
  answered.replies[0].at = answered.sent + 10ms;
  EXPECT_EQ(attempts_in(trace), "0:- 0:syn-ack");
}

TEST(Attempts, StandInTheOrderInWhichTheyLeft) {
  PathTrace trace = port_25().silent(6).flow(1).syn_ack(6).flow(2).rst(6);
  trace.flows[0].probes[0].sent = trace.flows[0].probes[0].sent + 5s;
  trace.flows[1].probes[0].sent = trace.flows[1].probes[0].sent + 2s;
  EXPECT_EQ(attempts_in(trace), "2:rst 1:syn-ack 0:-");
}

}  // namespace
}  // namespace smtpath::path
