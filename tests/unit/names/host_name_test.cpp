// What can be a host name, and how an address is written as one.

#include "smtpath/names/host_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpath::names {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(HostName, LettersDigitsAndHyphensAreOne) {
  for (const std::string name : {"mx", "mx.example.com", "MX.example.com.", "_dmarc.example", "1-2.3com"}) {
    EXPECT_THAT(flaw_of_host_name(name), IsEmpty()) << name;
  }
}

TEST(HostName, WhatCannotBeOneIsNamed) {
  for (const std::string number : {"1.2.3", "10.0.0.300", "010.0.0.1.", "0x7f000001", "3232235777"}) {
    EXPECT_THAT(flaw_of_host_name(number), HasSubstr("not an IPv4 address")) << number;
  }
  for (const std::string letters : {"two words", "a/b", "[192.0.2.1]", "m\xc3\xbcller.example", "a\x1b[2J"}) {
    EXPECT_THAT(flaw_of_host_name(letters), HasSubstr("only letters, digits, hyphens and dots")) << letters;
  }
  for (const std::string& parts : {std::string("."), std::string("a..b"), std::string(".a"), std::string(64, 'a')}) {
    EXPECT_THAT(flaw_of_host_name(parts), HasSubstr("1 to 63 characters")) << parts;
  }
  std::string endless = "a";
  while (endless.size() < kLongestName) endless += ".a";
  EXPECT_THAT(flaw_of_host_name(endless), IsEmpty());
  EXPECT_THAT(flaw_of_host_name(endless + "a"), HasSubstr("253"));
}

TEST(HostName, CaseAndFinalDotDoNotMatter) {
  EXPECT_EQ(canonical("MX.Example.COM."), "mx.example.com");
  EXPECT_EQ(canonical("."), ".");
  EXPECT_EQ(canonical(""), "");
}

TEST(HostName, OfAnAddressIsItsReverse) {
  EXPECT_EQ(reverse_name(*IpAddress::parse("192.0.2.17")), "17.2.0.192.in-addr.arpa");
  EXPECT_EQ(reverse_name(*IpAddress::parse("2001:db8::1f")),
            "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(HostName, OfATlsaRecordHasPortAndProtocolBeforeIt) {
  EXPECT_EQ(tlsa_name("MX.example.", Port{25}), "_25._tcp.mx.example");
}

}  // namespace
}  // namespace smtpath::names
