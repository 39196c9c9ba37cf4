// What `nft -a list ruleset` prints, and which of its rules can stop mail.

#include "io/nft_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "unit/io/listed_rules.h"

namespace smtpath::io {
namespace {

using test::effects_of;
using test::lines_of;
using test::recorded;
using testing::ElementsAre;
using testing::IsEmpty;

facts::LocalRules read(const std::string& listing) {
  return stopping_rules(parse_nft_ruleset(listing));
}

struct Case {
  std::string rule;
  /// What it does in the output chain of an inet table; empty: nothing to us.
  std::string effect;
};

std::string listing_of(const std::string& rule, const std::string& table = "inet filter",
                       const std::string& type = "type filter hook output priority filter; policy accept;") {
  return "table " + table +
         " { # handle 1\n"
         "\tset mail { # handle 2\n\t\ttype inet_service\n\t\telements = { 25, 465-587 }\n\t}\n\n"
         "\tset empty {\n\t\ttype inet_service\n\t}\n\n"
         "\tset pairs {\n\t\ttype ipv4_addr . inet_service\n"
         "\t\telements = { 192.0.2.1 . 25,\n\t\t\t     192.0.2.2 . 26 }\n\t}\n\n"
         "\tmap verdicts {\n\t\ttype inet_service : verdict\n"
         "\t\telements = { 25 comment \"a : b\" : drop, 26 : accept, 27 : goto other }\n\t}\n\n"
         "\tchain other { # handle 3\n\t\treject # handle 4\n\t}\n\n"
         "\tchain first { # handle 5\n\t\t" +
         type + "\n\t\t" + rule + " # handle 6\n\t}\n}\n";
}

void PrintTo(const Case& tested, std::ostream* out) {
  *out << tested.rule;
}

class NftRule : public testing::TestWithParam<Case> {};

TEST_P(NftRule, CanStopWhatItNames) {
  const auto rules = read(listing_of(GetParam().rule));
  EXPECT_TRUE(rules.is_complete);
  std::string effects;
  for (const std::string& effect : effects_of(rules)) effects += (effects.empty() ? "" : "; ") + effect;
  EXPECT_EQ(effects, GetParam().effect) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    Ports, NftRule,
    testing::Values(
        Case{"drop", "output drop any"}, Case{"tcp dport 25 drop", "output drop 25"},
        Case{"tcp dport { 25, 465-587 } drop", "output drop 25,465-587"},
        Case{"tcp dport 25-30 drop", "output drop 25-30"}, Case{"tcp dport != 25 drop", "output drop 0-24,26-65535"},
        Case{"tcp dport != { 25, 587 } drop", "output drop 0-24,26-586,588-65535"},
        Case{"tcp dport < 26 drop", "output drop 0-25"}, Case{"tcp dport <= 26 drop", "output drop 0-26"},
        Case{"tcp dport > 587 drop", "output drop 588-65535"}, Case{"tcp dport >= 587 drop", "output drop 587-65535"},
        Case{"tcp dport @mail drop", "output drop 25,465-587"},
        Case{"tcp dport != @mail drop", "output drop 0-24,26-464,588-65535"},
        Case{"tcp dport @empty drop", "output drop any"}, Case{"tcp dport @gone drop", "output drop any"},
        Case{"tcp dport != @gone drop", "output drop any"}, Case{"th dport 25 drop", "output drop 25"},
        Case{"tcp dport & 1 == 1 drop", "output drop any"}, Case{"@th,16,16 25 drop", "output drop any"},
        Case{"tcp dport 25 tcp dport 26 drop", ""}, Case{"tcp dport smtp drop", "output drop any"},
        Case{"tcp dport != smtp drop", "output drop any"}, Case{"tcp dport { } drop", "output drop any"},
        Case{"tcp dport 70000 drop", "output drop any"}, Case{"tcp dport { 25, * } drop", "output drop any"},
        // Our end is given a high port.
        Case{"tcp sport 25 drop", ""}, Case{"tcp sport { 25, 32768-60999 } drop", "output drop any"},
        Case{"tcp sport != 25 drop", "output drop any"}, Case{"tcp sport 25 tcp dport 25 drop", ""}));

INSTANTIATE_TEST_SUITE_P(
    Protocols, NftRule,
    testing::Values(
        Case{"udp dport 25 drop", ""}, Case{"sctp dport 25 drop", ""}, Case{"icmp type echo-request drop", ""},
        Case{"icmpv6 type { nd-router-advert, echo-request } drop", ""},
        Case{"meta l4proto tcp drop", "output drop any"}, Case{"meta l4proto 6 drop", "output drop any"},
        Case{"meta l4proto udp drop", ""}, Case{"meta l4proto != tcp drop", ""},
        Case{"meta l4proto != udp drop", "output drop any"}, Case{"meta l4proto { icmp, udp, ipv6-icmp } drop", ""},
        Case{"meta l4proto { icmp, tcp } drop", "output drop any"}, Case{"meta l4proto != { icmp, tcp } drop", ""},
        Case{"meta l4proto 0-255 drop", "output drop any"}, Case{"ip protocol tcp drop", "output drop any ipv4"},
        Case{"ip protocol icmp drop", ""}, Case{"ip6 nexthdr tcp drop", "output drop any ipv6"},
        Case{"ip6 nexthdr udp drop", ""}, Case{"esp spi 5 drop", ""}, Case{"ct protocol tcp drop", "output drop any"},
        Case{"ct protocol udp tcp dport 25 drop", "output drop 25"}));

INSTANTIATE_TEST_SUITE_P(Families, NftRule,
                         testing::Values(Case{"meta nfproto ipv4 drop", "output drop any ipv4"},
                                         Case{"meta nfproto != ipv4 drop", "output drop any ipv6"},
                                         Case{"meta nfproto { ipv4, ipv6 } drop", "output drop any"},
                                         Case{"ip daddr 192.0.2.1 drop", "output drop any ipv4"},
                                         Case{"ip saddr != 192.0.2.0/24 tcp dport 25 drop", "output drop 25 ipv4"},
                                         Case{"ip6 daddr { ::/96, 2002::/24 } drop", "output drop any ipv6"},
                                         Case{"ip daddr 192.0.2.1 ip6 daddr ::1 drop", ""},
                                         Case{"meta protocol ip6 drop", "output drop any ipv6"},
                                         Case{"ether type arp drop", ""},
                                         Case{"ether type != ip drop", "output drop any ipv6"}));

INSTANTIATE_TEST_SUITE_P(Interfaces, NftRule,
                         testing::Values(Case{"oifname \"lo\" drop", ""}, Case{"oif \"lo\" drop", ""},
                                         Case{"meta oifname \"lo\" drop", ""},
                                         Case{"oifname != \"lo\" drop", "output drop any"},
                                         Case{"oifname { \"eth*\", \"lo\" } drop", "output drop any"},
                                         Case{"oifname \"eth0\" drop", "output drop any"},
                                         Case{"iifname \"lo\" drop", "output drop any"},
                                         Case{"fib daddr . oif type != unicast drop", "output drop any"},
                                         Case{"fib saddr . iif oif missing drop", "output drop any"}));

INSTANTIATE_TEST_SUITE_P(Concatenations, NftRule,
                         testing::Values(Case{"meta l4proto . th dport { tcp . 25, udp . 53 } drop", "output drop 25"},
                                         Case{"meta l4proto . th dport { icmp . 25, udp . 53 } drop", ""},
                                         Case{"ip daddr . tcp dport @pairs drop", "output drop 25-26 ipv4"},
                                         Case{"ip daddr . tcp dport != @pairs drop", "output drop any ipv4"},
                                         Case{"ip daddr . tcp dport 192.0.2.1 . 25 drop", "output drop 25 ipv4"},
                                         Case{"tcp dport . ct mark { 25 . 0x00000005 } drop", "output drop any"},
                                         Case{"oifname . tcp dport vmap { \"lo\" . 25 : drop, \"eth*\" . 26 : drop }",
                                              "output drop 26"}));

INSTANTIATE_TEST_SUITE_P(
    Verdicts, NftRule,
    testing::Values(Case{"tcp dport 25 accept", ""}, Case{"tcp dport 25 reject", "output reject 25"},
                    Case{"reject with tcp reset", "output reset any"},
                    Case{"reject with icmpx admin-prohibited", "output reject any"},
                    Case{"tcp dport 25 reject with icmp type host-unreachable", "output reject 25 ipv4"},
                    Case{"tcp dport 25 reject with icmpv6 admin-prohibited", "output reject 25 ipv6"},
                    Case{"tcp dport 25 counter packets 3 bytes 180 drop comment \"reject # {\"", "output drop 25"},
                    Case{"tcp dport 25 log prefix \"drop\" level debug", ""},
                    Case{"tcp dport 25 limit rate over 10/second burst 5 packets drop", "output drop 25"},
                    Case{"tcp dport 25 meta skuid != 0 drop", "output drop 25"},
                    Case{"tcp dport 25 counter name \"drop\" accept", ""},
                    Case{"add @seen { ip saddr . tcp dport timeout 1m } drop", "output drop any"},
                    Case{"update @seen { ip saddr limit rate over 1/second burst 5 packets } tcp dport 25 drop",
                         "output drop 25"},
                    Case{"tcp dport 25 dnat to 192.0.2.1", ""},
                    Case{"dnat ip to tcp dport map { 25 : 192.0.2.1, 26 : 192.0.2.2 }", ""},
                    Case{"tcp dport 25 queue to 0", ""}));

INSTANTIATE_TEST_SUITE_P(
    Calls, NftRule,
    testing::Values(
        Case{"tcp dport 25 jump other", "output reject 25"}, Case{"goto other", "output reject any"},
        Case{"udp dport 25 jump other", ""}, Case{"jump nowhere", ""},
        Case{"tcp dport vmap { 25 : drop, 26 : accept, 27-29 : jump other }", "output drop 25; output reject 27-29"},
        Case{"tcp dport vmap @verdicts", "output drop 25; output reject 27"}, Case{"tcp dport vmap @gone", ""},
        Case{"meta l4proto vmap { tcp : jump other, udp : drop }", "output reject any"},
        Case{"ct state vmap { invalid : drop, established : accept }", "output drop any"},
        Case{"ip saddr vmap { 192.0.2.1 : drop, 192.0.2.2 : accept }", "output drop any ipv4"},
        Case{"tcp dport vmap { 25 : drop, 25 : goto other, * : drop }", "output drop any; output reject 25"},
        Case{"tcp dport 25 jump {\n\t\t\tip daddr 192.0.2.1 drop\n\t\t\tcounter packets 0 bytes 0 reject\n"
             "\t\t\tudp dport 53 drop\n\t\t} comment \"x\"",
             "output drop 25 ipv4; output reject 25"}));

TEST(NftRules, AnInputChainIsAskedForTheFarPortOfAnswers) {
  const std::string input = "type filter hook input priority filter - 5; policy accept;";
  const auto effects = [&](const std::string& rule) { return effects_of(read(listing_of(rule, "inet f", input))); };
  EXPECT_THAT(effects("tcp sport 25 drop"), ElementsAre("input drop 25"));
  EXPECT_THAT(effects("tcp dport 25 drop"), IsEmpty());
  EXPECT_THAT(effects("tcp dport 1024-65535 drop"), ElementsAre("input drop any"));
  EXPECT_THAT(effects("iifname \"lo\" drop"), IsEmpty());
  EXPECT_THAT(effects("oifname \"lo\" drop"), ElementsAre("input drop any"));
}

TEST(NftRules, ATableOfOneFamilySeesNoOther) {
  EXPECT_THAT(effects_of(read(listing_of("drop", "ip f"))), ElementsAre("output drop any ipv4"));
  EXPECT_THAT(effects_of(read(listing_of("drop", "ip6 f"))), ElementsAre("output drop any ipv6"));
  EXPECT_THAT(effects_of(read(listing_of("ip6 daddr ::1 drop", "ip f"))), IsEmpty());
  EXPECT_THAT(effects_of(read(listing_of("drop", "arp f"))), IsEmpty());
  EXPECT_THAT(effects_of(read(listing_of("drop", "bridge f"))), ElementsAre("output drop any"));
}

TEST(NftRules, OnlyTheHooksOfOurOwnPacketsCount) {
  for (const std::string hook : {"output", "postrouting", "prerouting", "input"}) {
    const std::string type = "type filter hook " + hook + " priority filter; policy accept;";
    EXPECT_THAT(effects_of(read(listing_of("drop", "inet f", type))), ElementsAre(hook + " drop any"));
  }
  for (const std::string hook : {"forward", "elsewhere"}) {
    const std::string type = "type filter hook " + hook + " priority filter; policy drop;";
    EXPECT_THAT(effects_of(read(listing_of("drop", "inet f", type))), IsEmpty());
  }
}

TEST(NftRules, AnEgressChainCountsUnlessItIsOfTheLoopbackDevice) {
  const auto type = [](const std::string& device) {
    return "type filter hook egress " + device + " priority filter; policy accept;";
  };
  EXPECT_THAT(effects_of(read(listing_of("drop", "netdev f", type("device \"eth0\"")))),
              ElementsAre("egress drop any"));
  EXPECT_THAT(effects_of(read(listing_of("drop", "netdev f", type("devices = { eth0, lo }")))),
              ElementsAre("egress drop any"));
  EXPECT_THAT(effects_of(read(listing_of("drop", "netdev f", type("device \"lo\"")))), IsEmpty());
}

TEST(NftRules, APolicyThatDropsIsACandidateAfterTheRulesOfItsChain) {
  const auto rules =
      read(listing_of("tcp dport 25 drop", "ip f", "type filter hook output priority filter; policy drop;"));
  EXPECT_THAT(lines_of(rules),
              ElementsAre("output drop 25 ipv4: tcp dport 25 drop", "output drop any ipv4: policy drop"));
  EXPECT_FALSE(rules.rules[0].is_policy);
  EXPECT_TRUE(rules.rules[1].is_policy);
  EXPECT_EQ(rules.rules[1].handle, std::nullopt);
  EXPECT_EQ(describe(rules.rules[1]), "nft, table ip f, chain first: policy drop");
}

TEST(NftRules, ARuleIsShownByItsPlaceItsHandleAndItsWords) {
  const auto rules = read(listing_of("tcp  dport 25\tdrop comment \"a # handle 9 \x1b[31m\""));
  ASSERT_EQ(rules.rules.size(), 1U);
  EXPECT_EQ(describe(rules.rules[0]),
            "nft, table inet filter, chain first, handle 6: tcp dport 25 drop comment \"a # handle 9 [31m\"");
}

TEST(NftRules, LongTextIsCutBetweenLetters) {
  for (std::size_t padding = 0; padding < 4; ++padding) {
    std::string comment(padding, 'a');
    for (int i = 0; i < 100; ++i) comment += "\xc3\xa4";
    const auto rules = read(listing_of("tcp dport 25 drop comment \"" + comment + "\""));
    ASSERT_EQ(rules.rules.size(), 1U);
    const std::string& text = rules.rules[0].text;
    EXPECT_LE(text.size(), 200U);
    EXPECT_GE(text.size(), 199U);
    EXPECT_TRUE(text.ends_with("\xc3\xa4...")) << text;
  }
}

TEST(NftRules, ADormantTableStopsNothing) {
  std::string listing = listing_of("drop");
  EXPECT_THAT(effects_of(read(listing)), ElementsAre("output drop any"));
  listing.insert(listing.find('\n') + 1, "\tflags dormant\n\n");
  EXPECT_THAT(effects_of(read(listing)), IsEmpty());
}

TEST(NftRules, ARuleThatTwoHooksReachIsThereForEachWithWhatGetsThere) {
  const std::string listing =
      "table inet f {\n"
      "\tchain mail {\n\t\tcounter packets 0 bytes 0 drop # handle 9\n\t}\n"
      "\tchain out {\n\t\ttype filter hook output priority 0; policy accept;\n"
      "\t\ttcp dport 25 jump mail\n\t\ttcp dport 587 meta skuid 0 jump mail\n\t}\n"
      "\tchain in {\n\t\ttype filter hook input priority 0; policy accept;\n\t\ttcp sport 24 jump mail\n\t}\n"
      "}\n";
  EXPECT_THAT(effects_of(read(listing)), ElementsAre("output drop 25,587", "input drop 24"));
}

TEST(NftRules, WaysToARuleThatDifferInPortsAndFamilyAreKeptApart) {
  const std::string listing =
      "table inet f {\n"
      "\tchain mail {\n\t\tdrop\n\t}\n"
      "\tchain out {\n\t\ttype filter hook output priority 0; policy accept;\n"
      "\t\ttcp dport 25 jump mail\n\t\tip6 nexthdr tcp jump mail\n\t}\n}\n";
  EXPECT_THAT(effects_of(read(listing)), ElementsAre("output drop 25 ipv4", "output drop any ipv6"));
}

TEST(NftRules, ReadsTheRulesOfFirewalld) {
  const auto rules = read(recorded("firewalld.nft"));
  EXPECT_TRUE(rules.is_complete);
  EXPECT_THAT(
      lines_of(rules),
      ElementsAre("prerouting drop any ipv6: meta nfproto ipv6 fib saddr . mark . iif oif missing drop",
                  "input drop any: ct state invalid drop", "input reject any: reject with icmpx admin-prohibited",
                  "output reject any ipv6: ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24 } reject with icmpv6 "
                  "addr-unreachable",
                  "output reject 25: tcp dport 25 reject"));
  EXPECT_EQ(describe(rules.rules[4]),
            "nft, table inet firewalld, chain filter_OUT_policy_mail_deny, handle 29: tcp dport 25 reject");
}

TEST(NftRules, ReadsSetsMapsOwnersAndEgressOfAMailHost) {
  const auto rules = read(recorded("mailhost.nft"));
  EXPECT_TRUE(rules.is_complete);
  EXPECT_THAT(
      lines_of(rules),
      ElementsAre(
          "output drop 25: tcp dport 25 meta skuid != 65534 counter packets 0 bytes 0 drop comment \"only the mail "
          "server # handle 99\"",
          "output reset 465,587: tcp dport @submission log prefix \"drop it { \" reject with tcp reset",
          "output reset 110: meta l4proto tcp reject with tcp reset", "output drop 2525: tcp dport vmap @by_port",
          "output drop 993 ipv4: ip protocol . th dport vmap { udp . 53 : accept, tcp . 993 : drop }",
          "output drop 25,2525 ipv4: ip daddr . tcp dport @blocked drop",
          "output drop 1001,1003,1005,1007,1009,1011,1013,1015,1017,1019: tcp dport @many drop",
          "output drop any: limit rate over 10/second drop", "output drop any: policy drop",
          "postrouting drop 26: tcp dport 26 drop", "input drop 24: tcp sport 24 drop",
          "egress drop 27 ipv4: ip protocol tcp tcp dport 27 drop"));
}

}  // namespace
}  // namespace smtpath::io
