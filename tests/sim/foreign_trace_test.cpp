// Traces that other programs make, found in their packets alone, against a live run of ours over the same path.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "smtpath/path/foreign_traces.h"
#include "smtpath/wire/decode.h"
#include "support/foreign_tool.h"
#include "support/network_builder.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using verdict::Kind;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};
constexpr Port kHttps{443};

std::vector<path::FoundTrace> find_in(const std::vector<RecordedFrame>& frames) {
  path::ForeignTraces traces({kSmtp});
  for (const RecordedFrame& frame : frames) {
    const auto decoded = wire::decode(frame.link, frame.bytes);
    traces.handle_packet(frame.time, std::get<wire::Packet>(decoded));
  }
  return traces.finish();
}

/// One port after the other.
std::vector<RecordedFrame> frames_of(const ForeignTool& tool, const NetworkPath& path, const std::vector<Port>& ports) {
  Network network(path, 1);
  std::vector<RecordedFrame> frames;
  Time start = kStart;
  for (const Port port : ports) {
    const auto more = trace_as(tool, network, port, start);
    start = more.back().time + std::chrono::seconds(5);
    frames.insert(frames.end(), more.begin(), more.end());
  }
  return frames;
}

verdict::Verdict verdict_of(const path::FoundTrace& found, Port port) {
  for (const auto& judged : verdict::diagnose(found.trace, found.plan, {}).ports) {
    if (judged.port.port == port) return judged.verdict;
  }
  ADD_FAILURE() << "no port " << port.number;
  return {};
}

struct Case {
  std::string_view name;
  NetworkPath path;
};

// client - 1 - 2 - 3 - 4 - 5 - server at 6
NetworkBuilder path_to_mail(Family family = Family::Ipv4) {
  return routers(5, family).server().open(kSmtp).open(kSubmission).open(kHttps);
}

std::vector<Case> cases() {
  return {{"open", path_to_mail()},
          {"open over IPv6", path_to_mail(Family::Ipv6)},
          {"closed", routers(5).server().open(kSubmission).open(kHttps)},
          {"dropped", path_to_mail().at(3).drops(kSmtp)},
          {"dropped before the TTL check", path_to_mail().at(3).drops(kSmtp).before_ttl_check()},
          {"dropped by the server", path_to_mail().server().drops(kSmtp)},
          {"reset", path_to_mail().at(3).resets(kSmtp)},
          {"reset over IPv6", path_to_mail(Family::Ipv6).at(3).resets(kSmtp)},
          {"rejected", path_to_mail().at(3).rejects(kSmtp, Unreachable::AdminProhibited)},
          {"taken over", path_to_mail().at(3).redirects(kSmtp)},
          {"open behind silent routers", path_to_mail().at(2).silent().at(3).silent()},
          {"quoted by eight bytes", path_to_mail().at(3).quotes(8).at(4).resets(kSmtp)}};
}

class ForeignTraceOfTool : public testing::TestWithParam<ForeignTool> {};

TEST_P(ForeignTraceOfTool, IsJudgedAsALiveRunIs) {
  for (const auto& [name, path] : cases()) {
    SCOPED_TRACE(name);
    const auto found = find_in(frames_of(GetParam(), path, {kSmtp, kSubmission, kHttps}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].plan.source, path.client);
    EXPECT_EQ(found[0].plan.address, path.target());
    ASSERT_EQ(found[0].plan.ports.size(), 3U);
    const auto verdict = verdict_of(found[0], kSmtp);
    const auto live = trace(path).verdict_of(kSmtp);
    // Silence on one source port may be that of its path alone.
    const bool is_silence_enough = !GetParam().keeps_port || live.kind != Kind::Dropped;
    EXPECT_EQ(to_string(verdict.kind), to_string(is_silence_enough ? live.kind : Kind::Inconclusive));
    EXPECT_EQ(verdict.location, live.location);
    EXPECT_GE(verdict.confidence, live.confidence) << "no surer than a live run";
  }
}

TEST_P(ForeignTraceOfTool, ClaimsOfOnePortNoMoreThanItShows) {
  for (const auto& [name, path] : cases()) {
    SCOPED_TRACE(name);
    const auto found = find_in(frames_of(GetParam(), path, {kSmtp}));
    ASSERT_EQ(found.size(), 1U);
    const auto verdict = verdict_of(found[0], kSmtp);
    const auto live = trace(path).verdict_of(kSmtp);
    // A reject names its sender; all else wants other ports to be sure.
    if (verdict.kind != Kind::Rejected) {
      EXPECT_NE(verdict.confidence, verdict::Confidence::High) << to_string(verdict.kind);
    }
    const bool is_same = verdict.kind == live.kind || verdict.kind == Kind::Inconclusive;
    // Nothing but other ports shows an answer to be a forged one.
    const bool is_forged = live.kind == Kind::ResetInjected || live.kind == Kind::Intercepted;
    EXPECT_TRUE(is_same || is_forged) << to_string(verdict.kind) << ", live " << to_string(live.kind);
    if (verdict.kind == Kind::Dropped) {
      EXPECT_FALSE(verdict.location->first_missed);
    }
  }
}

// client - 1 - 2 - 3 - (silent) - (silent) - server at 6
TEST(ForeignTrace, ThatWasCutShortOfTheHostDoesNotTellOfIt) {
  ForeignTool cut = foreign_tool("traceroute");
  cut.max_ttl = 5;
  const NetworkPath path = path_to_mail().at(4).silent().at(5).silent();
  auto frames = frames_of(foreign_tool("traceroute"), path, {kSubmission, kHttps});
  Network network(path, 2);
  const auto more = trace_as(cut, network, kSmtp, frames.back().time + std::chrono::seconds(5));
  frames.insert(frames.end(), more.begin(), more.end());
  const auto found = find_in(frames);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(verdict_of(found[0], kSubmission).kind, Kind::Open);
  EXPECT_EQ(to_string(verdict_of(found[0], kSmtp).kind), to_string(Kind::Inconclusive));
}

INSTANTIATE_TEST_SUITE_P(All, ForeignTraceOfTool, testing::ValuesIn(foreign_tools()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace smtpath::test
