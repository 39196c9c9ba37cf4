#pragma once

// Builds the packets that smtpath sends: SYNs that look like those of Linux (MSS, SACK permitted, timestamps, window
// scale, real window) and ICMP echo requests. A packet is built once a flow, then patched for each probe; the checksum
// is kept right by RFC 1624. What comes out starts at the IP header.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::wire {

struct SynFields {
  IpAddress source;
  IpAddress destination;
  Port source_port;
  Port destination_port;
  std::uint32_t sequence = 0;
  /// IPv6 only; 20 bits.
  std::uint32_t flow_label = 0;
};

/// What differs between the probes of a flow.
struct ProbeMark {
  Ttl ttl;
  /// The probe's number, never 0 (the kernel fills in an IP ID of 0): the IPv4 identification.
  std::uint16_t number = 1;
  /// TCP timestamp value; unused in echo requests.
  std::uint32_t timestamp = 0;
};

class SynTemplate {
 public:
  /// Source and destination must be of one family, and the source specified.
  explicit SynTemplate(const SynFields& fields);

  /// The whole IP packet; the view lives until the next call.
  std::span<const std::byte> stamp(const ProbeMark& mark);

 private:
  std::vector<std::byte> bytes_;
  std::size_t timestamp_at_ = 0;
  std::size_t checksum_at_ = 0;
};

struct EchoFields {
  IpAddress source;
  IpAddress destination;
  std::uint16_t identifier = 0;
};

class EchoTemplate {
 public:
  /// Source and destination must be of one family, and the source specified.
  explicit EchoTemplate(const EchoFields& fields);

  /// The whole IP packet, `mark.number` as echo sequence number as well; the view lives until the next call.
  std::span<const std::byte> stamp(const ProbeMark& mark);

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace smtpath::wire
