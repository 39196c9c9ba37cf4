// The rules of a host, loaded by those who load them and read as for a run. What the kernel stops is the measure.

#include "smtpath/facts/local_rules.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "io/command.h"
#include "netns/program.h"
#include "netns/random_rule.h"
#include "smtpath/io/local_rules.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/wire/probe_packet.h"

namespace smtpath::test {
namespace {

using facts::Hook;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array kFamilies{Family::Ipv4, Family::Ipv6};

/// Without its handle, which is nft's to choose.
std::string named(facts::LocalRule rule) {
  rule.handle.reset();
  return describe(rule);
}

class LocalRulesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
    lab_.emplace(build({.routers = 0}));
  }

  const io::Lab& lab() const { return *lab_; }

  /// On a thread in the client's network.
  void in_client(const std::function<void()>& body) const {
    std::exception_ptr thrown;
    std::thread([&] {
      try {
        ASSERT_TRUE(lab().enter(0));
        body();
      } catch (...) {
        thrown = std::current_exception();
      }
    }).join();
    if (thrown) std::rethrow_exception(thrown);
  }

  /// Whether the tool took what it was given.
  static bool load(std::vector<std::string> argv, const std::string& rules) {
    const auto outcome = io::run_command({.argv = std::move(argv), .timeout = kPatience}, rules);
    return outcome.ok() && outcome.value().status == 0;
  }

  std::vector<std::string> candidates(const std::vector<Hook>& hooks, Port port, Family family) const {
    std::vector<std::string> found;
    in_client([&] {
      const facts::LocalRules rules = io::read_local_rules();
      EXPECT_TRUE(rules.is_complete);
      for (const auto& rule : facts::candidates(rules, hooks, port, family)) found.push_back(named(rule));
    });
    return found;
  }

  std::vector<std::byte> syn_to(Port port, Family family) const {
    wire::SynTemplate packet({.source = lab().client(family),
                              .destination = lab().server(family),
                              .source_port = Port{40000},
                              .destination_port = port,
                              .sequence = 1000,
                              .flow_label = 0x12345});
    const auto bytes = packet.stamp({.ttl = Ttl{64}, .number = 7, .timestamp = 1});
    return {bytes.begin(), bytes.end()};
  }

  /// What the kernel stops must have a candidate, and nothing else may.
  void expect_agreement(io::RawSender& sender, const std::string& rules) const {
    const facts::LocalRules found = io::read_local_rules();
    EXPECT_TRUE(found.is_complete) << rules;
    for (const Family family : kFamilies) {
      for (const Port port : {Port{24}, Port{25}, Port{26}, Port{465}, Port{587}, Port{588}, Port{2525}}) {
        const bool is_stopped = sender.send(syn_to(port, family)) == EPERM;
        const auto able = facts::candidates(found, {Hook::Output, Hook::Postrouting}, port, family);
        EXPECT_EQ(!able.empty(), is_stopped) << to_string(family) << ' ' << port.number << '\n' << rules;
      }
    }
  }

 private:
  std::optional<io::Lab> lab_;
};

TEST_F(LocalRulesTest, NothingStopsAHostWithoutRules) {
  EXPECT_THAT(candidates({Hook::Output, Hook::Postrouting, Hook::Egress, Hook::Input}, Port{25}, Family::Ipv4),
              IsEmpty());
}

TEST_F(LocalRulesTest, RulesOfNftAreCandidatesAtTheirHooks) {
  in_client([] {
    ASSERT_TRUE(load({"nft", "-f", "-"},
                     "table inet filter {\n"
                     "  chain output { type filter hook output priority 0; tcp dport 25 meta skuid 65534 drop;\n}\n"
                     "  chain late { type filter hook postrouting priority 0; tcp dport { 25, 465 } drop;\n}\n"
                     "  chain input { type filter hook input priority 0; tcp sport 25 drop; udp sport 25 drop;\n}\n"
                     "}\n"
                     "table netdev wire {\n"
                     "  chain out { type filter hook egress device right priority 0; ip6 nexthdr tcp drop;\n}\n"
                     "}\n"));
  });
  const std::string table = "nft, table inet filter, chain ";
  EXPECT_THAT(candidates({Hook::Output}, Port{25}, Family::Ipv4),
              ElementsAre(table + "output: tcp dport 25 meta skuid 65534 drop"));
  EXPECT_THAT(candidates({Hook::Output, Hook::Postrouting}, Port{465}, Family::Ipv6),
              ElementsAre(table + "late: tcp dport { 25, 465 } drop"));
  EXPECT_THAT(candidates({Hook::Input}, Port{25}, Family::Ipv6), ElementsAre(table + "input: tcp sport 25 drop"));
  EXPECT_THAT(candidates({Hook::Input}, Port{587}, Family::Ipv4), IsEmpty());
  EXPECT_THAT(candidates({Hook::Egress}, Port{587}, Family::Ipv6),
              ElementsAre("nft, table netdev wire, chain out: ip6 nexthdr tcp drop"));
  EXPECT_THAT(candidates({Hook::Egress}, Port{587}, Family::Ipv4), IsEmpty());
}

TEST_F(LocalRulesTest, RulesOfIptablesAreCandidatesOnceAndInItsWords) {
  in_client([] {
    ASSERT_TRUE(load({"iptables", "-A", "OUTPUT", "-p", "tcp", "--dport", "25", "-j", "DROP"}, ""));
    ASSERT_TRUE(load({"ip6tables", "-P", "OUTPUT", "DROP"}, ""));
    ASSERT_TRUE(load({"nft", "-f", "-"},
                     "table ip filter { chain mine { type filter hook output priority 0; tcp dport 25 reject; }\n}\n"));
  });
  EXPECT_THAT(candidates({Hook::Output}, Port{25}, Family::Ipv4),
              ElementsAre("nft, table ip filter, chain mine: tcp dport 25 reject",
                          "iptables, table filter, chain OUTPUT: -A OUTPUT -p tcp -m tcp --dport 25 -j DROP"));
  EXPECT_THAT(candidates({Hook::Output}, Port{25}, Family::Ipv6),
              ElementsAre("ip6tables, table filter, chain OUTPUT: -P OUTPUT DROP"));
}

TEST_F(LocalRulesTest, RulesOfTheOldIptablesAreCandidatesToo) {
  in_client([] {
    ASSERT_TRUE(load({"iptables-legacy", "-A", "OUTPUT", "-p", "tcp", "--dport", "25", "-j", "REJECT"}, ""));
    ASSERT_TRUE(load({"iptables-nft", "-A", "OUTPUT", "-p", "tcp", "--dport", "26", "-j", "DROP"}, ""));
  });
  EXPECT_THAT(candidates({Hook::Output}, Port{25}, Family::Ipv4),
              ElementsAre("iptables, table filter, chain OUTPUT: -A OUTPUT -p tcp -m tcp --dport 25 -j REJECT "
                          "--reject-with icmp-port-unreachable"));
  EXPECT_THAT(candidates({Hook::Output}, Port{26}, Family::Ipv4),
              ElementsAre("iptables, table filter, chain OUTPUT: -A OUTPUT -p tcp -m tcp --dport 26 -j DROP"));
}

TEST_F(LocalRulesTest, NftRulesStopWhatTheKernelStops) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  RandomRule rule(seed);
  in_client([&] {
    auto sender = io::RawSender::open();
    ASSERT_TRUE(sender);
    int loaded = 0;
    for (int attempt = 0; loaded < 60 && attempt < 600; ++attempt) {
      const std::string rules = rule.nft();
      if (!load({"nft", "-f", "-"}, "flush ruleset\n" + rules)) continue;
      ++loaded;
      expect_agreement(sender.value(), rules);
    }
    EXPECT_EQ(loaded, 60);
  });
}

TEST_F(LocalRulesTest, IptablesRulesStopWhatTheKernelStops) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  RandomRule rule(seed);
  in_client([&] {
    auto sender = io::RawSender::open();
    ASSERT_TRUE(sender);
    for (int round = 0; round < 60; ++round) {
      const std::string rules = rule.iptables();
      const std::string tool = round % 2 == 0 ? "iptables-restore" : "ip6tables-restore";
      ASSERT_TRUE(load({tool}, rules)) << rules;
      expect_agreement(sender.value(), rules);
      ASSERT_TRUE(load({tool}, "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"));
    }
  });
}

TEST_F(LocalRulesTest, EvidenceKeepsThoseThatMayMatter) {
  in_client([] {
    ASSERT_TRUE(load({"nft", "-f", "-"},
                     "table inet filter { chain output { type filter hook output priority 0;\n"
                     "tcp dport 25 drop\ntcp dport 26 drop\n}\n}\n"));
  });
  const Folder folder;
  const std::string file = folder.file("run.pcapng");
  run_in(lab(), {kProgram, "trace", "--no-mail", "-p", "25", "--control", "none", "--write", file,
                 to_string(lab().server(Family::Ipv4))});
  const std::string comment = run_here({"capinfos", "-k", file}).output;
  EXPECT_THAT(comment, testing::HasSubstr("\"text\":\"tcp dport 25 drop\""));
  EXPECT_THAT(comment, testing::Not(testing::HasSubstr("tcp dport 26 drop")));
  EXPECT_THAT(comment, testing::HasSubstr("\"is_complete\":true"));
}

}  // namespace
}  // namespace smtpath::test
