#pragma once

// Splits an IP packet into its header and what it carries; of whole packets and of those that ICMP errors quote.

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/parsed.h"

namespace smtpath::wire {

struct IpDatagram {
  IpHeader header;
  /// Behind the IP header and its extensions: as far as captured, without link-layer padding.
  std::span<const std::byte> payload;
  /// As the header declares it; at least payload.size().
  std::uint32_t payload_length = 0;
  /// Which datagram a fragment is of; in IPv6 it has 32 bits (RFC 8200 section 4.5).
  std::uint32_t fragment_identification = 0;
  /// Of the IPv4 header.
  bool has_bad_checksum = false;
  /// False behind IPv6 extensions that may put other addresses into the pseudo-header (RFC 8200 section 8.1, RFC 6275
  /// section 6.3): checksums cannot be verified there.
  bool has_final_addresses = true;
  /// What it carries does not begin in `payload`.
  bool is_opaque = false;

  bool is_whole() const { return payload.size() == payload_length && !header.is_fragment(); }
};

/// Reads the header and the extensions behind it into `datagram`, up to a fragment's own payload. A length of 0
/// (segmentation offload, jumbograms) counts as what was on the wire: `bytes` and `cut`, the number of bytes that the
/// capture left out at the end. TruncatedIp when the capture ends within the header, BadIpHeader when the header
/// contradicts itself.
Flaw split_ip(std::span<const std::byte> bytes, std::size_t cut, IpDatagram& datagram);

}  // namespace smtpath::wire
