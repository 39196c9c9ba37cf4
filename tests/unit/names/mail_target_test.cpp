// What the user means by the target of --mx.

#include "smtpath/names/mail_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpath::names {
namespace {

std::string read(const std::string& text) {
  const auto target = mail_target_of(text);
  if (!target) return "error: " + target.error().message;
  if (const auto* address = std::get_if<IpAddress>(&target.value())) return "address " + to_string(*address);
  return "domain " + std::get<MailDomain>(target.value()).name;
}

TEST(MailTarget, IsTheDomainOfAMailbox) {
  EXPECT_EQ(read("example.com"), "domain example.com");
  EXPECT_EQ(read("user@example.com"), "domain example.com");
  EXPECT_EQ(read("\"a@b\"@example.com"), "domain example.com");
}

TEST(MailTarget, MayBeAnAddressInstead) {
  EXPECT_EQ(read("user@[192.0.2.1]"), "address 192.0.2.1");
  EXPECT_EQ(read("[IPv6:2001:db8::1]"), "address 2001:db8::1");
  EXPECT_EQ(read("user@[ipv6:2001:db8::1]"), "address 2001:db8::1");
  EXPECT_EQ(read("192.0.2.1"), "address 192.0.2.1");
}

TEST(MailTarget, WhatIsNoneIsNamed) {
  EXPECT_EQ(read("user@"), "error: \"user@\": no domain");
  EXPECT_EQ(read("@example.com"), "error: \"@example.com\": no mailbox before the @");
  EXPECT_EQ(read("user@[192.0.2]"), "error: \"user@[192.0.2]\": no address in the brackets");
  EXPECT_EQ(read("user@[]"), "error: \"user@[]\": no address in the brackets");
  EXPECT_EQ(read("user@["),
            "error: \"user@[\": not a host name: only letters, digits, hyphens and dots (others as xn--)");
  EXPECT_EQ(read(""), "error: \"\": no domain");
  EXPECT_THAT(read("user@ex ample"), testing::HasSubstr("only letters"));
}

}  // namespace
}  // namespace smtpath::names
