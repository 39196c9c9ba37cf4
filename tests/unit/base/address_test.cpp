// Addresses: what text is one, how each is written, and what it may be used for.

#include "smtpath/base/address.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <unordered_set>

namespace smtpath {
namespace {

IpAddress address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(IpAddress{});
}

TEST(IpAddress, IsUnspecifiedIpv4UntilItIsGivenAValue) {
  EXPECT_EQ(to_string(IpAddress{}), "0.0.0.0");
  EXPECT_TRUE(IpAddress{}.is_unspecified());
}

TEST(IpAddress, KeepsNetworkOrder) {
  const std::array bytes{std::byte{192}, std::byte{0}, std::byte{2}, std::byte{25}};
  const IpAddress v4 = IpAddress::v4(bytes);
  EXPECT_EQ(to_string(v4), "192.0.2.25");
  ASSERT_EQ(v4.bytes().size(), 4U);
  EXPECT_EQ(v4.bytes()[3], std::byte{25});
  EXPECT_EQ(address("2001:db8::1").bytes().size(), 16U);
  EXPECT_EQ(address("2001:db8::1").bytes()[1], std::byte{1});
}

TEST(IpAddress, ReadsBackWhatItWrites) {
  for (const char* text : {"0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "::1", "2001:db8::1", "fe80::1",
                           "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1"}) {
    EXPECT_EQ(to_string(address(text)), text);
    EXPECT_EQ(address(to_string(address(text))), address(text));
  }
}

struct Written {
  const char* text;
  const char* canonical;
};

TEST(IpAddress, IsWrittenAsRfc5952Asks) {
  constexpr std::array kForms{
      Written{"2001:0DB8:0000:0000:0000:0000:0000:00AB", "2001:db8::ab"},
      Written{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},   // one field of zeros is no run
      Written{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},            // the longest run
      Written{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},      // the first of two as long
      Written{"0:0:0:0:0:0:0:0", "::"},                          //
      Written{"1:0:0:0:0:0:0:0", "1::"},                         //
      Written{"2001:DB8::FFFF", "2001:db8::ffff"},               //
      Written{"::FFFF:c000:0201", "::ffff:192.0.2.1"},           // section 5
      Written{"64:ff9b:0:0:0:0:c000:201", "64:ff9b::c000:201"},  //
      Written{"fe80:0:0:0:0200:5eff:fe00:5301", "fe80::200:5eff:fe00:5301"},
  };
  for (const Written& form : kForms) EXPECT_EQ(to_string(address(form.text)), form.canonical) << form.text;
}

TEST(IpAddress, RefusesTextThatIsNoAddress) {
  using namespace std::string_literals;
  const std::array hostile{""s,
                           " "s,
                           "."s,
                           ":"s,
                           ":::"s,
                           "1.2.3"s,
                           "1.2.3.4.5"s,
                           "1.2.3.256"s,
                           "1.2.3.-4"s,
                           "01.2.3.4"s,
                           "1.2.3.04"s,
                           "0x7f.0.0.1"s,
                           "2130706433"s,
                           " 1.2.3.4"s,
                           "1.2.3.4 "s,
                           "1.2.3.4\n"s,
                           "1.2.3.4:25"s,
                           "1.2.3.4/24"s,
                           "1.2.3.4\0"s,
                           "1.2.3.4\0.5"s,
                           "[::1]"s,
                           "::1%eth0"s,
                           "::1/128"s,
                           "1::2::3"s,
                           "12345::"s,
                           "::g"s,
                           "1:2:3:4:5:6:7"s,
                           "1:2:3:4:5:6:7:8:9"s,
                           "::1.2.3"s,
                           "::1.2.3.4.5"s,
                           "localhost"s,
                           "\x1b[2J"s,
                           "１.2.3.4"s,
                           std::string(100'000, '1'),
                           std::string(100'000, ':')};
  for (const std::string& text : hostile) EXPECT_FALSE(IpAddress::parse(text)) << text.substr(0, 40);
}

TEST(IpAddress, MappedIpv4IsAnotherValueThanTheIpv4InIt) {
  EXPECT_NE(address("::ffff:192.0.2.1"), address("192.0.2.1"));
  EXPECT_NE(address("::"), address("0.0.0.0"));
  EXPECT_FALSE(address("::ffff:127.0.0.1").is_ipv4());
}

TEST(IpAddress, ReadsOnlyAsManyCharactersAsItIsGiven) {
  const std::string text = "192.0.2.17";
  EXPECT_EQ(to_string(address(std::string_view(text).substr(0, 9))), "192.0.2.1");
}

TEST(IpAddress, KnowsWhatItMayBeUsedFor) {
  struct Row {
    const char* text;
    bool unspecified, loopback, multicast, broadcast, link_local;
  };
  constexpr std::array kRows{
      Row{"0.0.0.0", true, false, false, false, false},
      Row{"::", true, false, false, false, false},
      Row{"127.0.0.1", false, true, false, false, false},
      Row{"127.255.255.254", false, true, false, false, false},
      Row{"128.0.0.1", false, false, false, false, false},
      Row{"::1", false, true, false, false, false},
      Row{"::2", false, false, false, false, false},
      Row{"1::1", false, false, false, false, false},
      Row{"223.255.255.255", false, false, false, false, false},
      Row{"224.0.0.1", false, false, true, false, false},
      Row{"239.255.255.255", false, false, true, false, false},
      Row{"240.0.0.1", false, false, false, false, false},
      Row{"255.255.255.254", false, false, false, false, false},
      Row{"255.255.255.255", false, false, false, true, false},
      Row{"ff02::1", false, false, true, false, false},
      Row{"feff::1", false, false, false, false, false},
      Row{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false, true, false, false},
      Row{"169.254.0.1", false, false, false, false, true},
      Row{"169.255.0.1", false, false, false, false, false},
      Row{"fe80::1", false, false, false, false, true},
      Row{"febf::1", false, false, false, false, true},
      Row{"fec0::1", false, false, false, false, false},
      Row{"203.0.113.9", false, false, false, false, false},
  };
  for (const Row& row : kRows) {
    const IpAddress ip = address(row.text);
    EXPECT_EQ(ip.is_unspecified(), row.unspecified) << row.text;
    EXPECT_EQ(ip.is_loopback(), row.loopback) << row.text;
    EXPECT_EQ(ip.is_multicast(), row.multicast) << row.text;
    EXPECT_EQ(ip.is_limited_broadcast(), row.broadcast) << row.text;
    EXPECT_EQ(ip.is_link_local(), row.link_local) << row.text;
  }
}

TEST(IpAddress, EqualOnesHashAlikeAndOthersRarelyDo) {
  std::unordered_set<std::size_t> hashes;
  constexpr int kAddresses = 254;
  for (int last = 1; last <= kAddresses; ++last) {
    const std::string text = "192.0.2." + std::to_string(last);
    EXPECT_EQ(std::hash<IpAddress>{}(address(text)), std::hash<IpAddress>{}(address(text)));
    hashes.insert(std::hash<IpAddress>{}(address(text)));
  }
  EXPECT_EQ(hashes.size(), std::size_t{kAddresses});
}

TEST(Family, IsSpelledAsReportsSpellIt) {
  EXPECT_EQ(to_string(Family::Ipv4), "ipv4");
  EXPECT_EQ(to_string(Family::Ipv6), "ipv6");
}

}  // namespace
}  // namespace smtpath
