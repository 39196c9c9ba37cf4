#include "smtpath/io/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using facts::TargetErrorKind;
using test::in_new_network;
using test::ip;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> addresses_of(const std::string& target, std::optional<Family> family = std::nullopt) {
  const Resolution resolution = resolve(target, family);
  std::vector<std::string> texts;
  if (const auto* addresses = std::get_if<std::vector<IpAddress>>(&resolution)) {
    for (const IpAddress& address : *addresses) texts.push_back(to_string(address));
  } else {
    ADD_FAILURE() << std::get<facts::TargetError>(resolution).text;
  }
  return texts;
}

facts::TargetError error_of(const std::string& target, std::optional<Family> family = std::nullopt) {
  const Resolution resolution = resolve(target, family);
  if (const auto* error = std::get_if<facts::TargetError>(&resolution)) return *error;
  ADD_FAILURE() << target << " has an address";
  return {};
}

/// With these lines as /etc/hosts, 10.1.0.2/24 on v0, and no name server in reach.
void with_hosts(const std::string& hosts, const std::function<void()>& body) {
  in_new_network([&] {
    ASSERT_EQ(unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(mount("none", "/mnt", "tmpfs", 0, nullptr), 0);
    std::ofstream("/mnt/hosts") << hosts;
    ASSERT_EQ(mount("/mnt/hosts", "/etc/hosts", nullptr, MS_BIND, nullptr), 0);
    ip(R"(link add v0 up type veth peer name v1
          addr add 10.1.0.2/24 dev v0)");
    body();
  });
}

TEST(Resolver, TakesAddressesAsTheyAre) {
  EXPECT_THAT(addresses_of("192.0.2.1"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(addresses_of("2001:DB8:0::1"), ElementsAre("2001:db8::1"));
  EXPECT_THAT(addresses_of("127.0.0.1", Family::Ipv4), ElementsAre("127.0.0.1"));
}

TEST(Resolver, RefusesAnAddressOfTheOtherFamily) {
  EXPECT_EQ(error_of("192.0.2.1", Family::Ipv6).kind, TargetErrorKind::NoAddress);
  EXPECT_EQ(error_of("192.0.2.1", Family::Ipv6).text, "192.0.2.1: not an IPv6 address");
  EXPECT_EQ(error_of("::1", Family::Ipv4).text, "::1: not an IPv4 address");
}

TEST(Resolver, RefusesWhatIsNeitherNameNorAddress) {
  const auto expect_flaw = [](const std::string& target, const std::string& flaw) {
    const auto error = error_of(target);
    EXPECT_EQ(error.kind, TargetErrorKind::UnknownHost) << target;
    EXPECT_THAT(error.text, HasSubstr(flaw)) << target;
  };
  for (const std::string number : {"1.2.3", "10.0.0.300", "1.2.3.4.5", "010.0.0.1.", "0x7f000001", "3232235777"}) {
    expect_flaw(number, "not an IPv4 address");
  }
  for (const std::string colons : {"fe80::1%eth0", "1::2::3", "mx.example.com:25"}) {
    expect_flaw(colons, "not an IPv6 address");
  }
  for (const std::string letters : {"two words", "a/b", "[192.0.2.1]", "m\xc3\xbcller.example", "a\nb"}) {
    expect_flaw(letters, "only letters, digits, hyphens and dots");
  }
  for (const std::string& parts : {std::string("."), std::string("a..b"), std::string(".a"), std::string(64, 'a')}) {
    expect_flaw(parts, "1 to 63 characters");
  }
  expect_flaw("", "empty name");
  expect_flaw(std::string("a\0b", 3), "only letters");
  std::string endless = "a";
  while (endless.size() < 253) endless += ".a";
  expect_flaw(endless + "a", "253");
}

TEST(Resolver, RefusesAddressesThatAreNotThoseOfOneHost) {
  for (const std::string target : {"0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "::ffff:192.0.2.1"}) {
    EXPECT_EQ(error_of(target).kind, TargetErrorKind::NotUnicast) << target;
  }
  EXPECT_EQ(error_of("224.0.0.1").text, "224.0.0.1: a multicast address, not the address of one host");
  EXPECT_EQ(error_of("fe80::1").kind, TargetErrorKind::NoRoute);
}

TEST(Resolver, RefusesTheBroadcastAddressOfASubnet) {
  with_hosts("", [] {
    EXPECT_EQ(error_of("10.1.0.255").kind, TargetErrorKind::NotUnicast);
    EXPECT_THAT(error_of("10.1.0.255").text, HasSubstr("10.1.0.255: a broadcast address, not the address of one host"));
    EXPECT_THAT(addresses_of("10.2.0.255"), ElementsAre("10.2.0.255"));
  });
}

TEST(Resolver, KeepsEachAddressOfANameOnce) {
  with_hosts("192.0.2.7 mx.example\n192.0.2.5 mx.example\n192.0.2.7 mx.example\n2001:db8::7 mx.example\n", [] {
    EXPECT_THAT(addresses_of("mx.example", Family::Ipv4), ElementsAre("192.0.2.7", "192.0.2.5"));
    EXPECT_THAT(addresses_of("mx.example", Family::Ipv6), ElementsAre("2001:db8::7"));
    EXPECT_EQ(addresses_of("mx.example").size(), 3U);
  });
}

TEST(Resolver, LeavesOutAddressesThatCannotBeProbed) {
  with_hosts("0.0.0.0 mx.example sink.example\n192.0.2.5 mx.example\n", [] {
    EXPECT_THAT(addresses_of("mx.example"), ElementsAre("192.0.2.5"));
    EXPECT_EQ(error_of("sink.example").kind, TargetErrorKind::NotUnicast);
    EXPECT_EQ(error_of("sink.example").text,
              "sink.example: 0.0.0.0: the unspecified address, not the address of one host");
  });
}

TEST(Resolver, TellsASilentResolverFromAMissingName) {
  with_hosts("", [] {
    const auto error = error_of("mx.example");
    EXPECT_EQ(error.kind, TargetErrorKind::ResolverFailure);
    EXPECT_THAT(error.text, HasSubstr("mx.example: cannot be looked up: "));
  });
}

}  // namespace
}  // namespace smtpath::io
