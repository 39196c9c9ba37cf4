#include "smtpath/io/local_host.h"

#include <net/if.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/io/local_rules.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kMostInterfaces = 1024;

std::optional<std::uint64_t> setting(const std::string& name) {
  std::ifstream file("/proc/sys/net/" + name);
  std::uint64_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

std::optional<facts::ConnectionTable> read_connection_table() {
  const auto count = setting("netfilter/nf_conntrack_count");
  const auto limit = setting("netfilter/nf_conntrack_max");
  if (!count || !limit) return std::nullopt;
  return facts::ConnectionTable{.count = *count, .limit = *limit};
}

/// Documentation/networking/ip-sysctl of Linux: of "all" and the interface's own, the higher one counts.
bool is_strict(const std::string& interface) {
  constexpr std::uint64_t kStrict = 1;
  const std::string folder = "ipv4/conf/";
  return std::max(setting(folder + "all/rp_filter").value_or(0),
                  setting(folder + interface + "/rp_filter").value_or(0)) == kStrict;
}

std::vector<facts::StrictInterface> read_strict_interfaces() {
  std::vector<facts::StrictInterface> strict;
  struct if_nameindex* const interfaces = ::if_nameindex();
  if (interfaces == nullptr) return strict;
  for (const struct if_nameindex* each = interfaces; each->if_index != 0; ++each) {
    const std::string name = each->if_name;
    // No other host's packet comes in by the loopback interface.
    if (name != "lo" && strict.size() < kMostInterfaces && is_strict(name)) strict.push_back({name, each->if_index});
  }
  ::if_freenameindex(interfaces);
  return strict;
}

}  // namespace

facts::LocalHost read_local_host() {
  return {.rules = read_local_rules(),
          .connections = read_connection_table(),
          .strict_reverse_path = read_strict_interfaces()};
}

}  // namespace smtpath::io
