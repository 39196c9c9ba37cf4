#pragma once

// The pcap format (draft-ietf-opsawg-pcap), with microseconds or nanoseconds, in either byte order, and the variant of
// Kuznetzov's tcpdump with longer packet headers.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "io/byte_source.h"
#include "io/capture_format.h"
#include "io/field_reader.h"

namespace smtpath::io {

class PcapReader {
 public:
  /// How many bytes recognise() wants.
  static constexpr std::size_t kBeginning = 4;

  /// None unless the file's first four bytes are those of a pcap file.
  static std::optional<PcapReader> recognise(std::span<const std::byte> first);

  Step next(ByteSource& source);

 private:
  /// Files of early versions have the two lengths of a packet swapped, or perhaps swapped.
  enum class Lengths : std::uint8_t { InOrder, Swapped, Doubtful };

  struct Header {
    LinkType link = LinkType::Ethernet;
    Lengths lengths = Lengths::InOrder;
  };

  PcapReader() = default;
  Header read_header(std::span<const std::byte> bytes) const;

  ByteOrder order_ = ByteOrder::Big;
  std::uint8_t resolution_ = kMicroseconds;
  std::size_t packet_header_ = 0;
  std::optional<Header> header_;
};

}  // namespace smtpath::io
