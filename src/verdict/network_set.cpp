#include "verdict/network_set.h"

#include <algorithm>
#include <array>

namespace smtpath::verdict {

namespace {

constexpr std::size_t kMostNetworks = 256;
constexpr std::size_t kPrefixBytesIpv4 = 3;
constexpr std::size_t kPrefixBytesIpv6 = 6;

}  // namespace

IpAddress network_of(const IpAddress& address) {
  const auto bytes = address.bytes();
  std::array<std::byte, 4> v4{};
  std::array<std::byte, 16> v6{};
  if (address.is_ipv4()) {
    std::copy_n(bytes.begin(), kPrefixBytesIpv4, v4.begin());
    return IpAddress::v4(v4);
  }
  std::copy_n(bytes.begin(), kPrefixBytesIpv6, v6.begin());
  return IpAddress::v6(v6);
}

void NetworkSet::add(const IpAddress& address) {
  if (!is_full()) networks_.insert(network_of(address));
}

bool NetworkSet::is_full() const {
  return networks_.size() >= kMostNetworks;
}

}  // namespace smtpath::verdict
