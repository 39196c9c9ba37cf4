#include "netns/mail_ways.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "netns/mail_bench.h"

namespace smtpath::test {

namespace {

constexpr int kFirstRouter = 1;
// RFC 8200 section 5.
constexpr int kLeastIpv6 = 1280;

io::LabRule forward_rule(const std::string& rules) {
  return {kFirstRouter, fmt::format("table inet lab_ways {{\n  chain forward {{\n    type filter hook forward priority "
                                    "filter\n{}  }}\n}}\n",
                                    rules)};
}

/// The rule for IPv4 and for IPv6, with the family's word and the server's address.
template <class Rule>
io::LabRule forward_rules(const std::string& server, const Rule& rule) {
  std::string rules;
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const std::string_view word = family == Family::Ipv4 ? "ip" : "ip6";
    rules += "    " + rule(word, to_string(MailBench::address_of(server, family))) + "\n";
  }
  return forward_rule(rules);
}

}  // namespace

io::LabRule reset_at_ehlo(const std::string& server) {
  return forward_rules(server, [](std::string_view family, const std::string& address) {
    return fmt::format("{} daddr {} tcp dport 25 @ih,0,32 0x45484c4f reject with tcp reset", family, address);
  });
}

io::LabRule drop_large_from(const std::string& server, int bytes) {
  return forward_rules(server, [bytes](std::string_view family, const std::string& address) {
    const int most = family == "ip" ? bytes : std::max(bytes, kLeastIpv6);
    return fmt::format("{} saddr {} meta l4proto tcp meta length > {} drop", family, address, most);
  });
}

io::LabRule drop_large_to(const std::string& server, int bytes) {
  return forward_rules(server, [bytes](std::string_view family, const std::string& address) {
    return fmt::format("{} daddr {} meta l4proto tcp meta length > {} drop", family, address, bytes);
  });
}

io::LabScript narrow_from(const std::string& server, int mtu) {
  return {kFirstRouter,
          fmt::format("ip rule add from {} lookup 100\nip route replace 10.9.1.2 dev left mtu lock {} table 100\n",
                      to_string(MailBench::address_of(server)), mtu)};
}

io::LabScript narrow_to(const std::string& server, int mtu) {
  const std::string address = to_string(MailBench::address_of(server));
  return {
      kFirstRouter,
      fmt::format("ip rule add to {0} lookup 101\nip route replace {0} via 10.9.2.1 dev right mtu lock {1} table 101\n",
                  address, mtu)};
}

}  // namespace smtpath::test
