#include "smtpath/path/nowhere.h"

#include <algorithm>
#include <array>
#include <vector>

namespace smtpath::path {

namespace {

struct Net {
  std::array<std::uint8_t, 4> prefix;
  std::size_t bytes;
};

constexpr std::array kIpv4Nets{Net{{192, 0, 2}, 3}, Net{{198, 51, 100}, 3}, Net{{203, 0, 113}, 3}};
/// Of 3fff::/20 the first 16 bits, and zeros behind them.
constexpr std::array kIpv6Nets{Net{{0x20, 0x01, 0x0d, 0xb8}, 4}, Net{{0x3f, 0xff}, 2}};

bool is_of(const IpAddress& address, const Net& net) {
  const auto bytes = address.bytes();
  for (std::size_t i = 0; i < net.bytes; ++i) {
    if (std::to_integer<std::uint8_t>(bytes[i]) != net.prefix.at(i)) return false;
  }
  return true;
}

/// The host's part is `drawn`.
IpAddress address_in(const Net& net, Family family, std::uint16_t drawn) {
  constexpr unsigned kHosts = 254;
  std::array<std::byte, 16> bytes{};
  for (std::size_t i = 0; i < net.bytes; ++i) bytes.at(i) = std::byte{net.prefix.at(i)};
  if (family == Family::Ipv4) {
    return IpAddress::v4(std::array{bytes[0], bytes[1], bytes[2], static_cast<std::byte>(1U + drawn % kHosts)});
  }
  bytes[14] = static_cast<std::byte>(drawn >> 8U);
  bytes[15] = static_cast<std::byte>(drawn & 0xffU);
  return IpAddress::v6(bytes);
}

}  // namespace

std::optional<IpAddress> nowhere_address(const HashKey& key, const IpAddress& target, std::span<const IpAddress> used) {
  const Family family = target.family();
  const auto nets = family == Family::Ipv4 ? std::span<const Net>(kIpv4Nets) : std::span<const Net>(kIpv6Nets);
  for (const Net& net : nets) {
    const auto is_in_it = [&](const IpAddress& address) { return address.family() == family && is_of(address, net); };
    if (std::none_of(used.begin(), used.end(), is_in_it)) {
      return address_in(net, family, echo_identifier(key, target));
    }
  }
  return std::nullopt;
}

std::optional<FlowIndex> flow_to_nowhere(const TargetPlan& plan, std::size_t target, std::size_t port,
                                         std::uint8_t slot) {
  const std::size_t behind_the_ports = plan.ports.size() + port;
  if (behind_the_ports >= kMostPorts) return std::nullopt;
  return FlowIndex{.target = target, .port = behind_the_ports, .slot = slot};
}

}  // namespace smtpath::path
