// The programs that list rules, in the hands of others: missing, failing, hanging, flooding, disagreeing.

#include "io/rule_tools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/io/listed_rules.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using test::lines_of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::chrono::seconds kPatience(20);

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class RuleToolsTest : public testing::Test {
 protected:
  RuleToolsTest() {
    std::string name = testing::TempDir() + "rule_tools_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~RuleToolsTest() override { std::filesystem::remove_all(folder_); }

  void install(const std::string& program, const std::string& script) const {
    const std::filesystem::path path = folder_ / program;
    std::ofstream(path) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  /// That prints a recorded listing.
  void install_listing(const std::string& program, const std::string& listing) const {
    install(program, "cat " SMTPATH_LISTINGS "/" + listing);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  facts::LocalRules ask(Duration patience = kPatience) const {
    return ask_rule_tools({"/nowhere", folder_.string()}, patience);
  }

 private:
  std::filesystem::path folder_;
};

const std::string kOutput = "table inet f {\nchain c {\ntype filter hook output priority 0\n";

TEST_F(RuleToolsTest, WithoutAnyProgramNothingIsKnown) {
  const auto rules = ask();
  EXPECT_THAT(rules.rules, IsEmpty());
  EXPECT_FALSE(rules.is_complete);
}

TEST_F(RuleToolsTest, AProgramThatIsMissingHasNoRules) {
  install_listing("nft", "firewalld.nft");
  const auto rules = ask();
  EXPECT_EQ(rules.rules.size(), 5U);
  EXPECT_TRUE(rules.is_complete);
}

TEST_F(RuleToolsTest, AsksForTheRulesetWithHandlesInPlainEnglish) {
  install("nft", "echo \"$*\" >" + path("asked") + "; /usr/bin/env | /usr/bin/sort >>" + path("asked"));
  EXPECT_TRUE(ask().is_complete);
  // The shell that the script runs in adds one itself.
  EXPECT_THAT(content_of(path("asked")), testing::MatchesRegex("-a -t list ruleset\nLC_ALL=C\n(PWD=.*\n)?"));
}

TEST_F(RuleToolsTest, AFailureLeavesTheOthersToBeRead) {
  install("nft", "echo 'Operation not permitted (you must be root)' >&2; exit 1");
  install("iptables-save", "printf '*filter\\n:OUTPUT DROP [0:0]\\nCOMMIT\\n'");
  const auto rules = ask();
  EXPECT_THAT(lines_of(rules), ElementsAre("output drop any ipv4: -P OUTPUT DROP"));
  EXPECT_FALSE(rules.is_complete);
}

TEST_F(RuleToolsTest, AllTogetherTakeNoLongerThanTold) {
  install("nft", "sleep 60");
  install("iptables-save", "echo >" + path("asked"));
  const auto start = std::chrono::steady_clock::now();
  const auto rules = ask(200ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  EXPECT_FALSE(rules.is_complete);
  EXPECT_FALSE(std::filesystem::exists(path("asked"))) << "no time was left for it";
}

TEST_F(RuleToolsTest, SetsAreAskedForOnlyWhereRulesLeanOnThem) {
  const auto install_nft = [this](const std::string& rule) {
    const auto listing = [&](const std::string& elements) {
      return "cat <<'END'\ntable inet f {\nset s {\n" + elements +
             "\n}\nchain c {\ntype filter hook output priority 0\n" + rule + "\n}\n}\nEND\n";
    };
    install("nft", "echo \"$2\" >>" + path("asked") + "\nif test \"$2\" = -t; then\n" + listing("") + "else\n" +
                       listing("elements = { 25 }") + "fi");
  };
  const auto asked = [this] { return content_of(path("asked")); };
  install_nft("ip daddr @s drop");
  EXPECT_THAT(lines_of(ask()), ElementsAre("output drop any ipv4: ip daddr @s drop"));
  EXPECT_EQ(asked(), "-t\n");
  install_nft("tcp dport @s drop");
  EXPECT_THAT(lines_of(ask()), ElementsAre("output drop 25: tcp dport @s drop"));
  EXPECT_EQ(asked(), "-t\n-t\nlist\n");
  EXPECT_TRUE(ask().is_complete);
}

TEST_F(RuleToolsTest, WithoutItsSetsAListingThatIsTooLongIsStillRead) {
  install("nft", "case \"$2\" in\n-t) printf '" + kOutput +
                     "tcp dport @s drop\\n}\\n}\\n' ;;\n*) exec cat /dev/zero ;;\nesac");
  const auto rules = ask();
  EXPECT_THAT(lines_of(rules), ElementsAre("output drop any: tcp dport @s drop"));
  EXPECT_FALSE(rules.is_complete);
}

TEST_F(RuleToolsTest, TheBeginningOfAnEndlessListingIsRead) {
  install("nft", "printf '" + kOutput + "'; while :; do echo 'tcp dport 25 drop'; done");
  const auto rules = ask();
  EXPECT_EQ(rules.rules.size(), 4096U);
  EXPECT_FALSE(rules.is_complete);
}

TEST_F(RuleToolsTest, RulesThatTwoProgramsShowAreListedOnceInTheWordsOfIptables) {
  install_listing("nft", "ufw.nft");
  install_listing("iptables-save", "ufw.iptables");
  const auto rules = ask();
  EXPECT_TRUE(rules.is_complete);
  EXPECT_EQ(rules.rules.size(), 5U);
  for (const facts::LocalRule& rule : rules.rules) EXPECT_EQ(rule.tool, facts::RuleTool::Iptables);
}

TEST_F(RuleToolsTest, RulesOfTheOldKindAreAskedForWhereThereAreAny) {
  const std::string listing = "printf '*filter\\n:OUTPUT DROP [0:0]\\nCOMMIT\\n'";
  install("ip6tables-save", "echo '# Warning: ip6tables-legacy tables present, use ip6tables-legacy-save' >&2");
  install("ip6tables-legacy-save", listing);
  install("iptables-save", "");
  install("iptables-legacy-save", listing);
  const auto rules = ask();
  EXPECT_TRUE(rules.is_complete);
  EXPECT_THAT(lines_of(rules), ElementsAre("output drop any ipv6: -P OUTPUT DROP"));
}

}  // namespace
}  // namespace smtpath::io
