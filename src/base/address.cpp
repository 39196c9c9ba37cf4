#include "smtpath/base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <functional>

namespace smtpath {

namespace {

constexpr std::size_t kV4Length = 4;

std::uint8_t number(std::byte byte) {
  return std::to_integer<std::uint8_t>(byte);
}

}  // namespace

std::string_view to_string(Family family) {
  switch (family) {
    case Family::Ipv4:
      return "ipv4";
    case Family::Ipv6:
      return "ipv6";
  }
  return {};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  std::array<std::byte, 16> bytes{};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return v4(std::span(bytes).first<kV4Length>());
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return v6(bytes);
  return std::nullopt;
}

std::span<const std::byte> IpAddress::bytes() const {
  return std::span(bytes_).first(is_ipv4() ? kV4Length : bytes_.size());
}

bool IpAddress::is_unspecified() const {
  return std::all_of(bytes_.begin(), bytes_.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

bool IpAddress::is_loopback() const {
  if (is_ipv4()) return number(bytes_[0]) == 127;
  const bool leading_zeros =
      std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::byte byte) { return byte == std::byte{0}; });
  return leading_zeros && number(bytes_[15]) == 1;
}

bool IpAddress::is_multicast() const {
  return is_ipv4() ? (number(bytes_[0]) & 0xf0) == 0xe0 : number(bytes_[0]) == 0xff;
}

bool IpAddress::is_limited_broadcast() const {
  return is_ipv4() && std::all_of(bytes_.begin(), bytes_.begin() + kV4Length,
                                  [](std::byte byte) { return byte == std::byte{0xff}; });
}

bool IpAddress::is_link_local() const {
  if (is_ipv4()) return number(bytes_[0]) == 169 && number(bytes_[1]) == 254;
  return number(bytes_[0]) == 0xfe && (number(bytes_[1]) & 0xc0) == 0x80;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.is_ipv4() ? AF_INET : AF_INET6, address.bytes().data(), text.data(), text.size());
  return text.data();
}

}  // namespace smtpath

std::size_t std::hash<smtpath::IpAddress>::operator()(const smtpath::IpAddress& address) const noexcept {
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), address.bytes().data(), address.bytes().size());
  const std::size_t first = std::hash<std::uint64_t>{}(halves[0]);
  return first ^ (std::hash<std::uint64_t>{}(halves[1]) + 0x9e3779b97f4a7c15U + (first << 6U) + (first >> 2U));
}
