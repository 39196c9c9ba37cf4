// What this host says of itself, in a network namespace of its own.

#include "smtpath/io/local_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using testing::IsEmpty;

std::string strict_interfaces() {
  std::string names;
  for (const facts::StrictInterface& each : read_local_host().strict_reverse_path) {
    names += each.name + '#' + std::to_string(each.index) + ' ';
  }
  return names;
}

TEST(LocalHost, NamesTheInterfacesThatCheckTheWayBackStrictly) {
  test::in_new_network([] {
    test::ip("link add one.5 index 11 type veth peer name two index 12\\n");
    const auto set = [](const std::string& interface, int value) {
      test::run("echo " + std::to_string(value) + " >/proc/sys/net/ipv4/conf/" + interface + "/rp_filter");
    };
    const auto set_all = [&](int all, int one, int two) {
      set("all", all);
      set("lo", 1);
      set("one.5", one);
      set("two", two);
    };
    set_all(0, 0, 0);
    EXPECT_EQ(strict_interfaces(), "");
    set_all(0, 1, 0);
    EXPECT_EQ(strict_interfaces(), "one.5#11 ");
    set_all(1, 0, 2);
    EXPECT_EQ(strict_interfaces(), "one.5#11 ") << "the looser of the two counts";
    set_all(1, 0, 0);
    EXPECT_EQ(strict_interfaces(), "one.5#11 two#12 ");
    set_all(2, 1, 1);
    EXPECT_EQ(strict_interfaces(), "");
  });
}

TEST(LocalHost, TellsHowFullTheConnectionTableIs) {
  test::in_new_network([] {
    test::run(
        "printf 'table inet f { chain c { type filter hook output priority 0; ct state new accept\\n}\\n}\\n' | nft -f "
        "-");
    const auto connections = read_local_host().connections;
    ASSERT_TRUE(connections);
    EXPECT_EQ(connections->count, 0U);
    EXPECT_GT(connections->limit, 0U);
  });
}

TEST(LocalHost, ReadsItsRules) {
  test::in_new_network([] {
    EXPECT_THAT(read_local_host().rules.rules, IsEmpty());
    EXPECT_TRUE(read_local_host().rules.is_complete);
    test::run(
        "printf 'table inet f { chain c { type filter hook output priority 0; tcp dport 25 drop\\n}\\n}\\n' | nft -f "
        "-");
    const auto rules = read_local_host().rules;
    ASSERT_EQ(rules.rules.size(), 1U);
    EXPECT_EQ(describe(rules.rules[0]), "nft, table inet f, chain c, handle 2: tcp dport 25 drop");
  });
}

TEST(LocalHost, WithoutPrivilegesKnowsThatItDoesNotKnowItsRules) {
  test::in_new_network([] {
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(setresuid(kNobody, kNobody, kNobody), 0);
    const auto rules = read_local_host().rules;
    EXPECT_THAT(rules.rules, IsEmpty());
    EXPECT_FALSE(rules.is_complete);
  });
}

}  // namespace
}  // namespace smtpath::io
