#include "smtpath/report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "report/utf8.h"
#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string without_colors(const std::string& text) {
  return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), "");
}

std::size_t widest_line_of(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns_of(line));
  return widest;
}

TEST(Text, ShowsTheWayTheVerdictsAndWhatTheyAmountTo) {
  EXPECT_EQ(text_of(samples::one_of_each(), {}), R"(mx.example.com (203.0.113.9), 5 hops away
from 10.0.0.5 on eth0 as nobody; port 25, compared with 465, 587, 2525

hop  address      best ms  25   465  587      2525
  1  10.0.1.1         1.2  ·    ·    ·        ·
  2  10.0.2.1         2.1  ·    ·    ·        ·
  3  10.0.3.1         2.9  x ·  ·    ·        ·
                                x
  4  10.0.4.1         3.7  RST  *    ·        ·
  5  203.0.113.9      4.5  RST  *    SYN-ACK  RST
     · got this far   * no reply   x stopped here

  25  reset-injected  (high)    at hop 3 (10.0.3.1)
      - The RST answers a probe of TTL 4, but 203.0.113.9 is 5 hops away:
        something nearer sent it.
      - It travelled 3 hops back, as answers of hop 3 do; the SYN-ACK of port
        587 travelled 5.
 465  dropped         (high)    between hop 3 (10.0.3.1) and hop 4 (10.0.4.1)
      - 12 SYNs with TTLs beyond hop 3 left this host and drew nothing, while
        other ports were answered from there.
      - The last answer to this port came from hop 3.
 587  open            (high)    answered in 4.5 ms
      - A SYN-ACK came from the destination's distance.
2525  refused         (high)    at the server
      - The RST came from the destination's distance, as do the answers of other
        ports.

Port 25 is reset at hop 3 (10.0.3.1) in the server's name; 465 is dropped
between hop 3 (10.0.3.1) and hop 4 (10.0.4.1); 587 passes; 2525 is closed at the
server.
)");
}

TEST(Text, FitsTheTerminalWhateverTheVerdict) {
  std::vector<TargetReport> targets = samples::every_verdict();
  targets.push_back(samples::one_of_each());
  targets.push_back(samples::one_of_each_over_ipv6());
  targets.push_back(samples::far_away());
  for (const int width : {64, 72, 80, 100, 132}) {
    for (const TargetReport& target : targets) {
      EXPECT_LE(widest_line_of(text_of(target, {.width = width})), static_cast<std::size_t>(width))
          << text_of(target, {.width = width});
    }
  }
}

TEST(Text, BeginsAPlaceOnItsOwnLineWhereItDoesNotFit) {
  EXPECT_THAT(text_of(samples::far_away(), {}), HasSubstr(R"(
2525  dropped  (high)
      between hop 14 (209.85.253.1) and hop 15 (142.250.27.26)
      - 12 SYNs)"));
}

TEST(Text, HasNoEscapeByteWithoutColor) {
  const samples::Run run = samples::run_of(samples::every_verdict());
  EXPECT_THAT(text_of(run, {.color = false}), Not(HasSubstr("\x1b")));
}

TEST(Text, SaysTheSameInColor) {
  const samples::Run run = samples::run_of(samples::every_verdict());
  EXPECT_EQ(without_colors(text_of(run, {.color = true})), text_of(run, {.color = false}));
}

TEST(Text, PaintsOpenGreenBlockedRedAndUncertainYellow) {
  const std::string text = text_of(samples::one_of_each(), {.color = true});
  EXPECT_THAT(text, HasSubstr("\x1b[32m 587  open"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31m  25  reset-injected"));
  EXPECT_THAT(text, HasSubstr("\n2525  refused")) << "a closed control is ordinary";
  const std::string uncertain = text_of(samples::run_of(samples::every_verdict()), {.color = true});
  EXPECT_THAT(uncertain, HasSubstr("\x1b[33m25  inconclusive, capture-loss"));
}

TEST(Text, EndsEveryColorOnItsLine) {
  std::istringstream lines(text_of(samples::run_of(samples::every_verdict()), {.color = true}));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(line.rfind("\x1b[0m"), line.rfind("\x1b[")) << line;
  }
}

TEST(Text, MakesHostileTextHarmless) {
  TargetReport target = samples::one_of_each();
  target.target = "mx\x1b]0;gone\x07\xff\u202Eexample";
  target.source->interface = "eth\n0";
  target.source->user = "no\rbody";
  target.notes = {"a note\x1b[2J"};
  target.remarks = {{.kind = "rewritten", .ttl = Ttl{1}, .text = "a remark\x1b[2J"}};
  target.conclusion = "done\x08\x08\x08\x08";
  target.ports[0].verdict.evidence[0].text = "The banner says \x1b[31m\u2028ok";
  const std::string text = text_of(target, {.width = 0});
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, HasSubstr("mx\\x1b]0;gone\\x07\uFFFD\uFFFDexample (203.0.113.9)"));
  EXPECT_THAT(text, HasSubstr("on eth\\x0a0 as no\\x0dbody"));
  EXPECT_THAT(text, HasSubstr("Note: a note\\x1b[2J\n"));
  EXPECT_THAT(text, HasSubstr("Note: a remark\\x1b[2J\n"));
  EXPECT_THAT(text, HasSubstr("- The banner says \\x1b[31m\uFFFDok\n"));
  EXPECT_THAT(text, EndsWith("done\\x08\\x08\\x08\\x08\n"));
}

TEST(Text, ShowsTheFirstEvidenceAndVerbosePrintsAllOfItAndEveryReply) {
  TargetReport target = samples::one_of_each();
  target.ports[0].verdict.evidence.resize(5, {.rule = "r", .text = "Another reason."});
  target.ports[0].verdict.evidence[4].text = "The fifth reason.";
  target.ports[0].hops[0].replies[0].mpls = {{.label = 24001, .traffic_class = 0, .bottom_of_stack = true, .ttl = 1}};
  EXPECT_THAT(text_of(target, {}), Not(HasSubstr("The fifth reason.")));
  const std::string verbose = text_of(target, {.width = 0, .verbose = true});
  EXPECT_THAT(verbose, HasSubstr("      - The fifth reason.\n"));
  EXPECT_THAT(verbose, HasSubstr("      TTL 1: time-exceeded from 10.0.1.1 in 1.2 ms, arrived with TTL 64, flow 0 "
                                 "[MPLS L=24001 E=0 S=1 TTL=1]\n"));
  EXPECT_THAT(verbose, HasSubstr("      TTL 4: 3 sent, no reply\n"));
}

TEST(Text, TellsATargetThatCouldNotBeTriedInOneLine) {
  EXPECT_EQ(text_of(samples::every_verdict().back(), {}), "mx.invalid does not exist\n");
}

TEST(Text, TellsWhatIsOddOfANameAndVerboseTellsEveryStep) {
  TargetReport target = samples::one_of_each();
  target.lookup = samples::lookup_by_mx();
  const std::string brief = text_of(target, {.width = 0});
  EXPECT_NE(brief.find(" by mx.example.com ("), std::string::npos) << brief;
  EXPECT_NE(brief.find("Name: A note on names."), std::string::npos) << brief;
  EXPECT_EQ(brief.find("1502"), std::string::npos) << brief;
  const std::string verbose = text_of(target, {.width = 0, .verbose = true});
  EXPECT_NE(verbose.find("Name: example.com MX: 10 mx.example.com, 20 mx2.example.com; from 192.0.2.54 in 1502 ms, "
                         "DNSSEC bogus; 192.0.2.53: timeout; 192.0.2.55: nxdomain"),
            std::string::npos)
      << verbose;
  EXPECT_NE(verbose.find("mx.example.com A: 203.0.113.9 (alias of real.example.com); from 192.0.2.54 in 12.2 ms"),
            std::string::npos)
      << verbose;
}

TEST(Text, ShowsTheNameOfAHopBesideItOrBeneathAndHarmless) {
  TargetReport target = samples::one_of_each();
  target.names[target.ports[0].hops[0].replies[0].from] = "gw\x1b[2J.example.net" + std::string(300, 'x');
  const std::string wide = text_of(target, {.width = 0});
  EXPECT_NE(wide.find("gw\\x1b[2J.example.net"), std::string::npos) << wide;
  EXPECT_EQ(wide.find('\x1b'), std::string::npos);
  EXPECT_EQ(wide.find(std::string(100, 'x')), std::string::npos) << "bounded";
  const std::string narrow = text_of(target, {.width = 60});
  EXPECT_NE(narrow.find("\n     gw\\x1b"), std::string::npos) << narrow;
}

TEST(Text, NamesAnAddressOnce) {
  TargetReport target = samples::one_of_each();
  target.target = "203.0.113.9";
  EXPECT_THAT(text_of(target, {}), testing::StartsWith("203.0.113.9, 5 hops away\n"));
  target.distance = std::nullopt;
  EXPECT_THAT(text_of(target, {}), testing::StartsWith("203.0.113.9, distance unknown\n"));
}

TEST(Text, GivesShortTimesMoreFigures) {
  TargetReport target = samples::one_of_each();
  target.ports[2].answer.rtt = samples::ms(0.034);
  EXPECT_THAT(text_of(target, {}), HasSubstr("answered in 0.034 ms\n"));
  target.ports[2].answer.rtt = samples::ms(127.4);
  EXPECT_THAT(text_of(target, {}), HasSubstr("answered in 127 ms\n"));
}

TEST(Text, AddsIcmpWordsToThePlace) {
  EXPECT_THAT(text_of(samples::one_of_each_over_ipv6(), {}),
              HasSubstr("  25  rejected  (high)    at hop 3 (2001:db8:0:f00d::17:2): admin-prohibited\n"));
}

TEST(Text, DividesTargetsAndEndsWithTheCapture) {
  samples::Run run = samples::run_of({samples::every_verdict().back(), samples::every_verdict().back()});
  EXPECT_EQ(text_of(run, {}), R"(mx.invalid does not exist

────────────────────────────────────────

mx.invalid does not exist

214 packets captured; 0.8 s
)");
  run.ending.capture.dropped = 3;
  EXPECT_THAT(text_of(run, {}), EndsWith("\n214 packets captured, 3 lost by the capture; 0.8 s\n"));
  EXPECT_THAT(text_of(run, {.verbose = true}),
              EndsWith("\n214 packets captured, 3 lost by the capture, 2 truncated-ip; 0.8 s\n"));
}

}  // namespace
}  // namespace smtpath::report
