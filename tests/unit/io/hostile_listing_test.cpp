// Listings that are cut short, garbled or made to keep a reader busy. Another user of this host may have had a hand in
// them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "io/iptables_rules.h"
#include "io/nft_rules.h"
#include "unit/io/listed_rules.h"

namespace smtpath::io {
namespace {

using test::effects_of;
using test::recorded;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

facts::LocalRules read_nft(const std::string& listing) {
  return stopping_rules(parse_nft_ruleset(listing));
}

facts::LocalRules read_iptables(const std::string& listing) {
  return stopping_rules(parse_iptables_save(listing, Family::Ipv4));
}

struct Sample {
  std::string name;
  std::function<facts::LocalRules(const std::string&)> read;
  std::function<bool(const std::string&)> is_whole;
};

bool is_whole_nft(std::string prefix) {
  prefix.erase(prefix.find_last_not_of(" \t\n") + 1);
  return prefix.empty() || prefix.ends_with("\n}");
}

bool is_whole_iptables(const std::string& prefix) {
  const std::size_t table = prefix.rfind("\n*");
  return prefix.empty() || (prefix.ends_with('\n') &&
                            (table == std::string::npos || prefix.find("\nCOMMIT\n", table) != std::string::npos));
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{{"firewalld.nft", read_nft, is_whole_nft},
                                       {"mailhost.nft", read_nft, is_whole_nft},
                                       {"ufw.nft", read_nft, is_whole_nft},
                                       {"ufw.iptables", read_iptables, is_whole_iptables},
                                       {"docker.iptables", read_iptables, is_whole_iptables}};
  return all;
}

void expect_bounded(const facts::LocalRules& rules) {
  EXPECT_LE(rules.rules.size(), 4096U);
  for (const facts::LocalRule& rule : rules.rules) {
    EXPECT_LE(rule.text.size(), 200U);
    for (const std::string& text : {rule.text, rule.where}) {
      EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
      })) << text;
    }
  }
}

TEST(HostileListing, EveryPrefixShowsSomeOfTheRulesAndSaysSo) {
  for (const Sample& sample : samples()) {
    const std::string listing = recorded(sample.name);
    std::set<std::string> known;
    for (const facts::LocalRule& rule : sample.read(listing).rules) known.insert(describe(rule));
    ASSERT_FALSE(known.empty());
    for (std::size_t length = 0; length < listing.size(); ++length) {
      const facts::LocalRules rules = sample.read(listing.substr(0, length));
      expect_bounded(rules);
      for (const facts::LocalRule& rule : rules.rules) {
        EXPECT_TRUE(known.contains(describe(rule))) << sample.name << ' ' << length << ' ' << describe(rule);
      }
      EXPECT_EQ(rules.is_complete, sample.is_whole(listing.substr(0, length))) << sample.name << ' ' << length;
    }
  }
}

TEST(HostileListing, NothingBreaksOnGarbledListings) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (const Sample& sample : samples()) {
    const std::string listing = recorded(sample.name);
    for (int round = 0; round < 500; ++round) {
      std::string garbled = listing;
      for (int i = 0; i < 5; ++i) {
        const std::size_t at = random() % garbled.size();
        switch (random() % 3) {
          case 0:
            garbled[at] = static_cast<char>(random());
            break;
          case 1:
            garbled[at] = "{}\";,#\n.@!"[random() % 10];
            break;
          default:
            garbled.insert(at, listing.substr(random() % listing.size(), random() % 200));
        }
      }
      expect_bounded(sample.read(garbled));
      expect_bounded(read_nft(garbled));
      expect_bounded(read_iptables(garbled));
    }
  }
}

TEST(HostileListing, ChainsThatCallEachOtherInCirclesAreNotFollowedForEver) {
  const facts::LocalRules nft = read_nft(
      "table inet f {\n\tchain a {\n\t\ttype filter hook output priority 0; policy accept;\n\t\tjump b\n\t\tjump "
      "b\n\t}\n"
      "\tchain b {\n\t\tdrop\n\t\tgoto a\n\t\tgoto b\n\t}\n}\n");
  EXPECT_THAT(effects_of(nft), ElementsAre("output drop any"));
  EXPECT_FALSE(nft.is_complete);

  const facts::LocalRules iptables =
      read_iptables("*filter\n:OUTPUT DROP [0:0]\n-A OUTPUT -j OUTPUT\n-A OUTPUT -j OUTPUT\nCOMMIT\n");
  EXPECT_THAT(effects_of(iptables), ElementsAre("output drop any ipv4"));
  EXPECT_FALSE(iptables.is_complete);
}

TEST(HostileListing, WaysThatDoubleWithEachChainAreNotAllFollowed) {
  std::string listing = "table inet f {\n";
  for (int i = 0; i < 30; ++i) {
    const std::string next = "jump c" + std::to_string(i + 1) + "\n";
    listing += "chain c" + std::to_string(i) + " {\n" + (i == 0 ? "type filter hook output priority 0\n" : "");
    listing += "tcp dport != " + std::to_string(i) + " " + next + next + "}\n";
  }
  const facts::LocalRules rules = read_nft(listing + "chain c30 {\ndrop\n}\n}\n");
  EXPECT_THAT(rules.rules, SizeIs(1));
  EXPECT_FALSE(rules.is_complete);
}

TEST(HostileListing, TheFirstRulesOfVeryManyAreKept) {
  std::string listing = "*filter\n:OUTPUT DROP [0:0]\n";
  for (int i = 0; i < 5000; ++i) listing += "-A OUTPUT -d 192.0.2.1/32 -j DROP\n";
  const facts::LocalRules rules = read_iptables(listing + "COMMIT\n");
  EXPECT_THAT(rules.rules, SizeIs(4096));
  EXPECT_FALSE(rules.is_complete);
  EXPECT_FALSE(rules.rules.back().is_policy);
}

TEST(HostileListing, ASetOfVeryManyPortsIsTakenForAnyPort) {
  std::string list;
  for (int port = 1; port < 60'000; port += 2) list += std::to_string(port) + ", ";
  const std::string start = "table inet f {\nchain c {\ntype filter hook output priority 0\ntcp dport ";
  EXPECT_THAT(effects_of(read_nft(start + "{ " + list + "1 } drop\n}\n}\n")), ElementsAre("output drop any"));
  EXPECT_THAT(effects_of(read_nft(start + "!= { " + list + "1 } drop\n}\n}\n")), ElementsAre("output drop any"));
  EXPECT_THAT(effects_of(read_nft("table inet f {\nset s {\nelements = { " + list + "1 }\n}\n" + start.substr(15) +
                                  "!= @s drop\n}\n}\n")),
              ElementsAre("output drop any"));
}

TEST(HostileListing, ARuleThatIsTooLongToReadIsMissed) {
  std::string list;
  for (int i = 0; i < 40'000; ++i) list += "192.0.2.1, ";
  const facts::LocalRules rules =
      read_nft("table inet f {\nchain c {\ntype filter hook output priority 0\nip daddr { " + list + "} drop\n}\n}\n");
  EXPECT_THAT(rules.rules, IsEmpty());
  EXPECT_FALSE(rules.is_complete);
}

TEST(HostileListing, DeepBracesAreRead) {
  for (const std::string piece : {"{", "}", "jump {\n", "table inet a {\n", "chain b {\n", "\"", "{ \"", "set c {\n"}) {
    std::string listing = "table inet f {\nchain c {\ntype filter hook output priority 0\n";
    while (listing.size() < 1 << 18) listing += piece;
    expect_bounded(read_nft(listing));
    expect_bounded(read_iptables(listing));
  }
}

TEST(HostileListing, NamesAreShownInOneLine) {
  const facts::LocalRules rules = read_iptables(
      "*filter\n:a\x1b[2Jb\x07 - [0:0]\n:OUTPUT DROP [0:0]\n-A OUTPUT -j a\x1b[2Jb\x07\n-A a\x1b[2Jb\x07 -j "
      "DROP\nCOMMIT\n");
  ASSERT_THAT(rules.rules, SizeIs(2));
  expect_bounded(rules);
  EXPECT_EQ(rules.rules[0].where, "table filter, chain a[2Jb");
}

}  // namespace
}  // namespace smtpath::io
