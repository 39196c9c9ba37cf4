#pragma once

// An IPv4 or IPv6 address as a plain value. Not an interface, not a name, and without a port or a zone.
// IPv4 stays IPv4: an IPv4-mapped IPv6 address is another value than the IPv4 address in it.

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace smtpath {

enum class Family : std::uint8_t { Ipv4, Ipv6 };

/// "ipv4" or "ipv6", as reports write it.
std::string_view to_string(Family family);

class IpAddress {
 public:
  /// 0.0.0.0
  constexpr IpAddress() = default;

  /// From four bytes in network order.
  static constexpr IpAddress v4(std::span<const std::byte, 4> bytes) {
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
  }
  /// From sixteen bytes in network order.
  static constexpr IpAddress v6(std::span<const std::byte, 16> bytes) {
    IpAddress address;
    address.family_ = Family::Ipv6;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
  }
  /// Dotted decimal (four parts) or RFC 4291 text; nothing else: no zone, no port, no octal.
  static std::optional<IpAddress> parse(std::string_view text);

  Family family() const { return family_; }
  bool is_ipv4() const { return family_ == Family::Ipv4; }
  /// Network order; 4 or 16 bytes. The view lives as long as this value.
  std::span<const std::byte> bytes() const;

  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_multicast() const;
  /// 255.255.255.255 only; a subnet's broadcast address depends on a mask that an address does not carry.
  bool is_limited_broadcast() const;
  /// fe80::/10 or 169.254.0.0/16.
  bool is_link_local() const;

  friend std::strong_ordering operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::Ipv4;
  std::array<std::byte, 16> bytes_{};
};

/// Dotted decimal, or the form of RFC 5952.
std::string to_string(const IpAddress& address);

}  // namespace smtpath

template <>
struct std::hash<smtpath::IpAddress> {
  std::size_t operator()(const smtpath::IpAddress& address) const noexcept;
};
