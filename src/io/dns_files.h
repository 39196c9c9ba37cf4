#pragma once

// What this host's files say on names: resolv.conf(5), hosts(5), the keys that DNSSEC begins with.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/dns_server.h"
#include "smtpath/base/address.h"
#include "smtpath/base/result.h"

namespace smtpath::io {

struct ResolverFile {
  /// As many as the system's own resolver asks; this host itself where the file names none.
  std::vector<DnsServer> servers;
  std::vector<std::string> search;
  /// Names with fewer dots are searched for first.
  std::size_t least_dots = 1;
};
inline constexpr std::size_t kMostServers = 3;

ResolverFile parse_resolver_file(std::string_view text);

/// By name in small letters.
using HostsFile = std::map<std::string, std::vector<IpAddress>, std::less<>>;
HostsFile parse_hosts_file(std::string_view text);

/// DNSKEY and DS records, one a line, of a zone file: comments and what else is in it are left out.
struct TrustAnchors {
  std::vector<std::string> records;
  /// Whom the first of them is for; "." is the root. Without the final dot otherwise.
  std::string zone;
};
TrustAnchors parse_trust_anchors(std::string_view text);

/// As much as these files may have; nothing where there is none.
std::string read_small_file(const std::string& path);

/// From the file named, or the system's own (that of unbound, of Debian's dns-root-data), or none. Error: a file that
/// was named has none.
Result<TrustAnchors> read_trust_anchors(const std::optional<std::string>& path);

}  // namespace smtpath::io
