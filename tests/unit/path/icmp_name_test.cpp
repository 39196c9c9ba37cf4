// The one name of each ICMP error.

#include "smtpath/path/icmp_name.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string_view>

namespace smtpath::path {
namespace {

struct Row {
  Family family;
  std::uint8_t type, code;
  std::string_view name;
};

TEST(IcmpName, IsThatOfTheRfcs) {
  constexpr std::array kRows{
      Row{Family::Ipv4, 3, 0, "net-unreachable"},  Row{Family::Ipv4, 3, 1, "host-unreachable"},
      Row{Family::Ipv4, 3, 3, "port-unreachable"}, Row{Family::Ipv4, 3, 9, "net-prohibited"},
      Row{Family::Ipv4, 3, 10, "host-prohibited"}, Row{Family::Ipv4, 3, 13, "admin-prohibited"},
      Row{Family::Ipv4, 11, 0, "time-exceeded"},   Row{Family::Ipv6, 1, 0, "no-route"},
      Row{Family::Ipv6, 1, 1, "admin-prohibited"}, Row{Family::Ipv6, 1, 3, "addr-unreachable"},
      Row{Family::Ipv6, 1, 4, "port-unreachable"}, Row{Family::Ipv6, 1, 6, "reject-route"},
      Row{Family::Ipv6, 3, 0, "time-exceeded"},
  };
  for (const Row& row : kRows) EXPECT_EQ(icmp_name(row.family, row.type, row.code), row.name);
}

TEST(IcmpName, OfWhatNobodyNamedIsItsNumbers) {
  EXPECT_EQ(icmp_name(Family::Ipv4, 3, 77), "icmp-3-77");
  EXPECT_EQ(icmp_name(Family::Ipv6, 255, 255), "icmp-255-255");
}

TEST(IcmpName, DiffersForEveryTypeAndCode) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    std::set<std::string> names;
    for (int type = 0; type < 256; ++type) {
      for (int code = 0; code < 16; ++code) {
        names.insert(icmp_name(family, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code)));
      }
    }
    EXPECT_EQ(names.size(), 256U * 16U);
  }
}

}  // namespace
}  // namespace smtpath::path
