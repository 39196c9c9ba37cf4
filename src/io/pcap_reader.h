#pragma once

// The pcap format (draft-ietf-opsawg-pcap), with microseconds or nanoseconds, in either byte order, and the variant of
// Kuznetzov's tcpdump with longer packet headers. What libpcap takes for one, this does.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/byte_source.h"
#include "io/capture_format.h"
#include "io/field_reader.h"

namespace smtpath::io {

class PcapReader {
 public:
  /// How many bytes recognise() wants.
  static constexpr std::size_t kBeginning = 8;

  /// None unless the file begins as a pcap file of a known version, or with less of one.
  static std::optional<PcapReader> recognise(std::span<const std::byte> first);

  Step next(ByteSource& source);

  /// "pcap, microseconds"
  std::string format() const;

 private:
  /// Files of early versions have the two lengths of a packet swapped, or perhaps swapped.
  enum class Lengths : std::uint8_t { InOrder, Swapped, Doubtful };

  explicit PcapReader(ByteOrder order, std::uint32_t magic);

  void read_header(std::span<const std::byte> bytes);

  ByteOrder order_;
  bool has_nanoseconds_;
  std::size_t packet_header_;
  bool is_header_read_ = false;
  LinkType link_ = LinkType::Ethernet;
  std::uint32_t largest_packet_ = 0;
  Lengths lengths_ = Lengths::InOrder;
  /// What follows the kept part of the last packet.
  std::uint32_t surplus_ = 0;
};

/// "2.5", when a file begins as one of a version that is not known.
std::optional<std::string> unknown_pcap_version(std::span<const std::byte> first);

}  // namespace smtpath::io
