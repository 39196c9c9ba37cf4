// What filters, proxies and servers leave in a trace (DESIGN section 4, measured on Linux routers), and what must be
// said of it. In each row the target is 6 hops away, echo says so, port 587 is open there, and port 25 is in question;
// the device that acts is hop 3 unless the row says otherwise.

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <functional>
#include <ostream>
#include <string>

#include "unit/verdict/judgement.h"

namespace smtpath::test {
namespace {

constexpr int kDistance = 6;

struct Signature {
  const char* name;
  /// What port 25's probes drew.
  std::function<void(TraceBuilder&)> subject;
  const char* verdict;
};

std::ostream& operator<<(std::ostream& stream, const Signature& signature) {
  return stream << signature.name;
}

IpAddress router(int hop) {
  return TraceBuilder::router(hop);
}

TraceBuilder control_and_echo() {
  TraceBuilder trace;
  trace.port(587, path::Role::Control).routers(1, kDistance - 1).syn_ack(kDistance).echo_at(kDistance);
  trace.port(25);
  return trace;
}

class Signatures : public testing::TestWithParam<Signature> {};

TEST_P(Signatures, AreJudgedAsTheyAre) {
  TraceBuilder trace = control_and_echo();
  GetParam().subject(trace);
  EXPECT_EQ(in_short(judge(trace)), GetParam().verdict) << rule_of(judge(trace));
  EXPECT_EQ(in_short(judge(trace, 587)), "open high");
}

const Signature kSignatures[] = {
    {"OpenAtTheServer", [](TraceBuilder& port) { port.routers(1, 5).syn_ack(6); }, "open high"},
    {"ClosedAtTheServer", [](TraceBuilder& port) { port.routers(1, 5).rst(6); },
     "refused high destination, last 6 target, missed none, suspect 6 target"},
    {"DroppedByTheServer", [](TraceBuilder& port) { port.silent_knocks(3).routers(1, 5).silent(6); },
     "dropped high edge, last 5 r5, missed 6 target, suspect none"},
    {"RejectedByTheServer", [](TraceBuilder& port) { port.routers(1, 5).unreachable(6, 3, TraceBuilder::target(), 6); },
     "rejected high destination, last 6 target, missed none, suspect 6 target"},
    {"DropAfterTheTtlCheck", [](TraceBuilder& port) { port.silent_knocks(3).routers(1, 3).silent(4).silent(5); },
     "dropped high path, last 3 r3, missed 4 r4, suspect none"},
    {"DropBeforeTheTtlCheck", [](TraceBuilder& port) { port.silent_knocks(3).routers(1, 2).silent(3).silent(4); },
     "dropped high path, last 2 r2, missed 3 r3, suspect none"},
    {"DropBeforeTheTtlCheckAtTheFirstRouter", [](TraceBuilder& port) { port.silent_knocks(3).silent(1).silent(2); },
     "dropped high path, last 0 ?, missed 1 r1, suspect none"},
    {"DropAfterTheTtlCheckAtTheLastRouter", [](TraceBuilder& port) { port.silent_knocks(4).routers(1, 5).silent(6); },
     "dropped high edge, last 5 r5, missed 6 target, suspect none"},
    {"ForgedRstAfterTheTtlCheck", [](TraceBuilder& port) { port.routers(1, 3).rst(4).came_back_over(3); },
     "reset-injected high path, last 3 r3, missed 4 r4, suspect 3 r3"},
    {"ForgedRstBeforeTheTtlCheck", [](TraceBuilder& port) { port.routers(1, 2).rst(3).came_back_over(3); },
     "reset-injected high path, last 2 r2, missed 3 r3, suspect 3 r3"},
    {"ForgedRstBeforeTheTtlCheckAtTheFirstRouter", [](TraceBuilder& port) { port.rst(1).came_back_over(1); },
     "reset-injected high path, last 0 ?, missed 1 r1, suspect 1 r1"},
    {"ForgedRstWithTheTtlOfNoRouter", [](TraceBuilder& port) { port.routers(1, 3).rst(4).came_back_over(20); },
     "reset-injected high path, last 3 r3, missed 4 r4, suspect none"},
    {"ForgedRstOneHopShort", [](TraceBuilder& port) { port.routers(1, 4).rst(5).came_back_over(5); },
     "reset-injected medium edge, last 4 r4, missed 5 r5, suspect 5 r5"},
    {"ForgedRstAfterTheTtlCheckOfTheLastRouter",
     [](TraceBuilder& port) { port.routers(1, 5).rst(6).came_back_over(5); },
     "reset-injected medium edge, last 5 r5, missed 6 target, suspect 5 r5"},
    {"IcmpRejectAfterTheTtlCheck", [](TraceBuilder& port) { port.routers(1, 3).unreachable(30, 13, router(3), 4); },
     "rejected high path, last 3 r3, missed 4 r4, suspect 3 r3"},
    {"ProhibitRoute", [](TraceBuilder& port) { port.routers(1, 2).unreachable(30, 13, router(3), 3); },
     "rejected high path, last 2 r2, missed 3 r3, suspect 3 r3"},
    {"UnreachableRouteForThisPortOnly", [](TraceBuilder& port) { port.routers(1, 2).unreachable(30, 0, router(3), 3); },
     "rejected high path, last 2 r2, missed 3 r3, suspect 3 r3"},
    {"RejectByADeviceThatIsNoHop", [](TraceBuilder& port) { port.routers(1, 3).unreachable(30, 13, router(29), 4); },
     "rejected medium path, last 3 r3, missed 4 r4, suspect none"},
    {"TransparentProxy", [](TraceBuilder& port) { port.routers(1, 2).syn_ack(3).came_back_over(3); },
     "intercepted high path, last 2 r2, missed 3 r3, suspect 3 r3"},
    {"SynProxy", [](TraceBuilder& port) { port.routers(1, 3).syn_ack(4).came_back_over(3); },
     "intercepted high path, last 3 r3, missed 4 r4, suspect 3 r3"},
    {"OutputDrop", [](TraceBuilder& port) { port.refused(EPERM).flow(1).refused(EPERM); },
     "dropped high local, last 0 ?, missed 1 ?, suspect 0 ?"},
    {"NoRouteForThisPort", [](TraceBuilder& port) { port.refused(ENETUNREACH); },
     "no-route high local, last 0 ?, missed 1 ?, suspect 0 ?"},
    {"PortForwardedByTheTargetItself",
     [](TraceBuilder& port) { port.routers(1, 5).time_exceeded(6, TraceBuilder::target()).syn_ack(7); }, "open high"},
    {"ClosedPortForwardedByTheTargetItself",
     [](TraceBuilder& port) { port.routers(1, 5).time_exceeded(6, TraceBuilder::target()).rst(7); },
     "refused high destination, last 6 target, missed none, suspect 6 target"},
    {"RedirectedToAnotherHost",
     [](TraceBuilder& port) {
       port.routers(1, 3).time_exceeded(5, router(25)).time_exceeded(6, router(26)).syn_ack(7);
     },
     "intercepted medium path, last 6 r26, missed none, suspect none"},
    {"InjectorThatCopiesTraffic",
     [](TraceBuilder& port) {
       port.routers(1, 2).routers(2, 2).routers(2, 2).rst(3).came_back_over(9).and_time_exceeded(router(3)).rst(4);
     },
     "reset-injected high path, last 2 r2, missed 3 r3, suspect none"},
    {"Loop",
     [](TraceBuilder& port) {
       port.silent_knocks(3).routers(1, 4).time_exceeded(5, router(3)).time_exceeded(6, router(4));
     },
     "loop high path, last 4 r4, missed 5 r3, suspect none"},
};

INSTANTIATE_TEST_SUITE_P(Section4, Signatures, testing::ValuesIn(kSignatures),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Signature, OfNobodyAtTheAddressSpeaksOfTheHost) {
  TraceBuilder trace;
  for (const auto port : std::to_array<std::uint16_t>({25, 465, 587})) {
    trace.port(port).routers(1, 5).unreachable(30, 1, router(5), 6);
  }
  EXPECT_EQ(in_short(judge(trace)), "unreachable high path, last 5 r5, missed 6 ?, suspect 5 r5");
}

TEST(Signature, OfRoutersThatAreAllSilentIsADropThatNothingPlaces) {
  TraceBuilder trace;
  trace.port(25).silent(1).silent(2).silent_knocks(5).port(587).silent_knocks(5);
  EXPECT_EQ(in_short(judge(trace)), "dropped low unknown, last 0 ?, missed none, suspect none");
}

}  // namespace
}  // namespace smtpath::test
