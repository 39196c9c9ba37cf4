#include "smtpath/path/address_range.h"

#include <array>
#include <cstddef>
#include <span>

namespace smtpath::path {

namespace {

struct Entry {
  std::array<std::uint8_t, 6> prefix;
  unsigned bits;
  AddressRange range;
};

// RFC 1122 section 3.2.1.3, 1918, 6598, 3927, 5737, 2544, 5771, 1112 section 4.
constexpr std::array kIpv4{
    Entry{{0}, 8, AddressRange::Unspecified},
    Entry{{127}, 8, AddressRange::Loopback},
    Entry{{10}, 8, AddressRange::Private},
    Entry{{172, 16}, 12, AddressRange::Private},
    Entry{{192, 168}, 16, AddressRange::Private},
    Entry{{100, 64}, 10, AddressRange::Shared},
    Entry{{169, 254}, 16, AddressRange::LinkLocal},
    Entry{{192, 0, 2}, 24, AddressRange::Documentation},
    Entry{{198, 51, 100}, 24, AddressRange::Documentation},
    Entry{{203, 0, 113}, 24, AddressRange::Documentation},
    Entry{{198, 18}, 15, AddressRange::Benchmarking},
    Entry{{224}, 4, AddressRange::Multicast},
    Entry{{240}, 4, AddressRange::Reserved},
};

// RFC 4193, 4291, 3849, 9637, 5180.
constexpr std::array kIpv6{
    Entry{{0xfc}, 7, AddressRange::UniqueLocal},
    Entry{{0xfe, 0x80}, 10, AddressRange::LinkLocal},
    Entry{{0x20, 0x01, 0x0d, 0xb8}, 32, AddressRange::Documentation},
    Entry{{0x3f, 0xff}, 20, AddressRange::Documentation},
    Entry{{0x20, 0x01, 0x00, 0x02, 0x00, 0x00}, 48, AddressRange::Benchmarking},
    Entry{{0xff}, 8, AddressRange::Multicast},
};

bool begins_with(std::span<const std::byte> address, const Entry& entry) {
  constexpr unsigned kByte = 8;
  for (unsigned bit = 0; bit < entry.bits; bit += kByte) {
    const unsigned counted = entry.bits - bit < kByte ? entry.bits - bit : kByte;
    const unsigned mask = 0xffU << (kByte - counted) & 0xffU;
    const unsigned differs = std::to_integer<unsigned>(address[bit / kByte]) ^ entry.prefix.at(bit / kByte);
    if ((differs & mask) != 0) return false;
  }
  return true;
}

std::optional<AddressRange> find_in(std::span<const Entry> entries, const IpAddress& address) {
  for (const Entry& entry : entries) {
    if (begins_with(address.bytes(), entry)) return entry.range;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(AddressRange range) {
  switch (range) {
    case AddressRange::Unspecified:
      return "unspecified (RFC 1122)";
    case AddressRange::Loopback:
      return "loopback (RFC 1122)";
    case AddressRange::Private:
      return "private (RFC 1918)";
    case AddressRange::Shared:
      return "shared by carriers' NATs (RFC 6598)";
    case AddressRange::LinkLocal:
      return "link-local (RFC 3927, RFC 4291)";
    case AddressRange::Documentation:
      return "documentation (RFC 5737, RFC 3849)";
    case AddressRange::Benchmarking:
      return "benchmarking (RFC 2544)";
    case AddressRange::UniqueLocal:
      return "unique local (RFC 4193)";
    case AddressRange::Multicast:
      return "multicast (RFC 5771)";
    case AddressRange::Reserved:
      return "reserved (RFC 1112)";
  }
  return {};
}

std::optional<AddressRange> range_of(const IpAddress& address) {
  if (address.is_ipv4()) return find_in(kIpv4, address);
  if (address.is_unspecified()) return AddressRange::Unspecified;
  if (address.is_loopback()) return AddressRange::Loopback;
  return find_in(kIpv6, address);
}

}  // namespace smtpath::path
