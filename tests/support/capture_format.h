#pragma once

// Writes capture files byte for byte, in every variant that a reader must know: pcap in both byte orders and
// resolutions, pcapng with any sections and interfaces. The same frames give the same bytes.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"
#include "support/packets.h"

namespace smtpath::test {

struct PcapVariant {
  LinkType link = LinkType::Ethernet;
  std::endian order = std::endian::little;
  bool has_nanoseconds = false;
  std::uint32_t snap_length = 262'144;
};

Bytes pcap_header(const PcapVariant& variant);
/// A frame longer than the snap length is cut to it.
Bytes pcap_record(const PcapVariant& variant, Time at, std::span<const std::byte> frame);

struct PcapngInterface {
  LinkType link = LinkType::Ethernet;
  std::string_view name;
  /// Of the times of its packets: 10 to the power of minus this, in seconds.
  std::uint8_t decimals = 6;
};

Bytes pcapng_section(std::endian order, std::string_view comment);
Bytes pcapng_interface(std::endian order, const PcapngInterface& interface);

/// Where a packet was seen: the index of an interface in its section.
struct PcapngPlace {
  std::uint32_t index = 0;
  std::uint8_t decimals = 6;
};
Bytes pcapng_packet(std::endian order, const PcapngPlace& place, Time at, std::span<const std::byte> frame);

}  // namespace smtpath::test
