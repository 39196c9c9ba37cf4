#include "smtpath/path/icmp_name.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace smtpath::path {

namespace {

struct NamedIcmp {
  std::uint8_t type;
  std::uint8_t code;
  std::string_view name;
};

constexpr std::array kIcmpV4{
    NamedIcmp{3, 0, "net-unreachable"},
    NamedIcmp{3, 1, "host-unreachable"},
    NamedIcmp{3, 2, "protocol-unreachable"},
    NamedIcmp{3, 3, "port-unreachable"},
    NamedIcmp{3, 4, "fragmentation-needed"},
    NamedIcmp{3, 5, "source-route-failed"},
    NamedIcmp{3, 6, "net-unknown"},
    NamedIcmp{3, 7, "host-unknown"},
    NamedIcmp{3, 8, "source-host-isolated"},
    NamedIcmp{3, 9, "net-prohibited"},
    NamedIcmp{3, 10, "host-prohibited"},
    NamedIcmp{3, 11, "net-tos-unreachable"},
    NamedIcmp{3, 12, "host-tos-unreachable"},
    NamedIcmp{3, 13, "admin-prohibited"},
    NamedIcmp{3, 14, "host-precedence-violation"},
    NamedIcmp{3, 15, "precedence-cutoff"},
    NamedIcmp{11, 0, "time-exceeded"},
    NamedIcmp{11, 1, "reassembly-time-exceeded"},
};

constexpr std::array kIcmpV6{
    NamedIcmp{1, 0, "no-route"},         NamedIcmp{1, 1, "admin-prohibited"},
    NamedIcmp{1, 2, "beyond-scope"},     NamedIcmp{1, 3, "addr-unreachable"},
    NamedIcmp{1, 4, "port-unreachable"}, NamedIcmp{1, 5, "policy-fail"},
    NamedIcmp{1, 6, "reject-route"},     NamedIcmp{1, 7, "source-routing-header"},
    NamedIcmp{1, 8, "headers-too-long"}, NamedIcmp{2, 0, "packet-too-big"},
    NamedIcmp{3, 0, "time-exceeded"},    NamedIcmp{3, 1, "reassembly-time-exceeded"},
};

template <class Table>
std::string name_in(const Table& table, std::uint8_t type, std::uint8_t code) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const NamedIcmp& icmp) { return icmp.type == type && icmp.code == code; });
  if (found != table.end()) return std::string(found->name);
  return "icmp-" + std::to_string(type) + "-" + std::to_string(code);
}

}  // namespace

std::string icmp_name(Family family, std::uint8_t type, std::uint8_t code) {
  return family == Family::Ipv4 ? name_in(kIcmpV4, type, code) : name_in(kIcmpV6, type, code);
}

}  // namespace smtpath::path
