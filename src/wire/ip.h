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
  /// Of the IPv4 header.
  bool has_bad_checksum = false;
  /// False behind IPv6 extensions that may put other addresses into the pseudo-header (RFC 8200 section 8.1, RFC 6275
  /// section 6.3): checksums cannot be verified there.
  bool has_final_addresses = true;

  bool is_whole() const { return payload.size() == payload_length && !header.is_fragment(); }
};

/// A length of 0 (segmentation offload, jumbograms) counts as what was captured. TruncatedIp when the capture ends
/// within the header, BadIpHeader when the header contradicts itself.
Parsed<IpDatagram> split_ip(std::span<const std::byte> bytes);

}  // namespace smtpath::wire
