// The resolver where no name server answers, and what it reads of this host's files.

#include "smtpath/io/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "smtpath/io/usable_address.h"
#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using facts::LookupResult;
using facts::RecordType;
using facts::TargetErrorKind;
using test::in_new_network;
using test::ip;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) texts.push_back(to_string(address));
  return texts;
}

/// With these lines as /etc/hosts and /etc/resolv.conf, and 10.1.0.2/24 on v0.
void with_files(const std::string& hosts, const std::string& resolver, const std::function<void()>& body) {
  in_new_network([&] {
    ASSERT_EQ(unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(mount("none", "/mnt", "tmpfs", 0, nullptr), 0);
    std::ofstream("/mnt/hosts") << hosts;
    std::ofstream("/mnt/resolver") << resolver;
    ASSERT_EQ(mount("/mnt/hosts", "/etc/hosts", nullptr, MS_BIND, nullptr), 0);
    ASSERT_EQ(mount("/mnt/resolver", "/etc/resolv.conf", nullptr, MS_BIND, nullptr), 0);
    ip(R"(link add v0 up type veth peer name v1
          addr add 10.1.0.2/24 dev v0)");
    body();
  });
}

Resolver opened(const ResolverOptions& options = {}) {
  auto resolver = Resolver::open(options);
  EXPECT_TRUE(resolver.ok());
  return std::move(resolver).value();
}

std::string flaw_of(const std::string& address) {
  const auto flaw = flaw_of_address(address, *IpAddress::parse(address));
  return flaw ? std::string(to_string(flaw->kind)) + " " + flaw->text : "";
}

TEST(UsableAddress, IsThatOfOneHost) {
  for (const std::string address : {"192.0.2.1", "127.0.0.1", "2001:db8::1", "::1"}) EXPECT_EQ(flaw_of(address), "");
  for (const std::string address : {"0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "::ffff:192.0.2.1"}) {
    EXPECT_THAT(flaw_of(address), HasSubstr("not-unicast " + address)) << address;
  }
  EXPECT_EQ(flaw_of("224.0.0.1"), "not-unicast 224.0.0.1: a multicast address, not the address of one host");
  EXPECT_THAT(flaw_of("fe80::1"), HasSubstr("no-route"));
}

TEST(UsableAddress, IsNotTheBroadcastAddressOfASubnet) {
  with_files("", "", [] {
    EXPECT_THAT(flaw_of("10.1.0.255"), HasSubstr("10.1.0.255: a broadcast address, not the address of one host"));
    EXPECT_EQ(flaw_of("10.2.0.255"), "");
  });
}

TEST(Resolver, KnowsTheNamesOfThisHostsOwnTable) {
  const std::string hosts =
      "192.0.2.7 mx.example alias # 192.0.2.8 none\n192.0.2.5 MX.Example.\n192.0.2.7 mx.example\n"
      "2001:db8::7\tmx.example\nnonsense mx.example\n";
  with_files(hosts, "", [] {
    const Resolver resolver = opened();
    EXPECT_THAT(texts_of(resolver.own_addresses("mx.EXAMPLE")), ElementsAre("192.0.2.7", "192.0.2.5", "2001:db8::7"));
    EXPECT_THAT(texts_of(resolver.own_addresses("alias")), ElementsAre("192.0.2.7"));
    EXPECT_THAT(resolver.own_addresses("none"), IsEmpty());
    EXPECT_THAT(texts_of(resolver.own_addresses("localhost")), ElementsAre("127.0.0.1", "::1"));
    EXPECT_THAT(texts_of(resolver.own_addresses("a.localhost.")), ElementsAre("127.0.0.1", "::1"));
  });
}

TEST(Resolver, SearchesForShortNames) {
  with_files("", "search a.example b.example\noptions ndots:2 rotate\n", [] {
    const Resolver resolver = opened();
    EXPECT_THAT(resolver.full_names("mx"), ElementsAre("mx.a.example", "mx.b.example", "mx"));
    EXPECT_THAT(resolver.full_names("mx.sub"), ElementsAre("mx.sub.a.example", "mx.sub.b.example", "mx.sub"));
    EXPECT_THAT(resolver.full_names("mx.sub.example"),
                ElementsAre("mx.sub.example", "mx.sub.example.a.example", "mx.sub.example.b.example"));
    EXPECT_THAT(resolver.full_names("mx."), ElementsAre("mx."));
  });
}

TEST(Resolver, TakesServersWithAndWithoutAPort) {
  for (const char* server : {"192.0.2.53", "192.0.2.53@5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::53]:53",
                             "2001:db8::53@5353", "[192.0.2.53]:53"}) {
    EXPECT_TRUE(is_dns_server(server)) << server;
  }
  for (const char* server : {"", "dns.example", "192.0.2", "192.0.2.53@", "192.0.2.53@0", "192.0.2.53@65536", "[::1",
                             "[::1]x", "192.0.2.53@53x", "0x7f.1"}) {
    EXPECT_FALSE(is_dns_server(server)) << server;
  }
}

TEST(Resolver, RefusesATrustAnchorWithoutKeys) {
  const auto resolver = Resolver::open({.server = {}, .trust_anchor = "/dev/null"});
  ASSERT_FALSE(resolver.ok());
  EXPECT_EQ(resolver.error().message, "--trust-anchor /dev/null: no DNSKEY or DS record in it");
}

TEST(Resolver, TellsThatNoServerCanBeReachedAtOnce) {
  with_files("", "nameserver 192.0.2.53\nnameserver 192.0.2.54\n", [] {
    Resolver resolver = opened();
    const std::vector<facts::Question> questions{{"mx.example", RecordType::A}, {"mx.example", RecordType::Mx}};
    for (const facts::Lookup& lookup : resolver.ask(questions)) {
      EXPECT_EQ(lookup.result, LookupResult::Unreachable);
      EXPECT_THAT(lookup.asked, ElementsAre(facts::ResolverAnswer{"192.0.2.53", LookupResult::Unreachable},
                                            facts::ResolverAnswer{"192.0.2.54", LookupResult::Unreachable}));
      EXPECT_LT(lookup.took, std::chrono::seconds(2));
    }
  });
}

TEST(Resolver, AsksNobodyAgainWhoNeverAnswers) {
  with_files("", "nameserver 192.0.2.53\n", [] {
    Resolver resolver = opened();
    const std::vector<facts::Question> questions(2'000, {"mx.example", RecordType::A});
    EXPECT_EQ(resolver.ask(questions).size(), questions.size());
  });
}

}  // namespace
}  // namespace smtpath::io
