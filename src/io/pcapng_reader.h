#pragma once

// The pcapng format (draft-ietf-opsawg-pcapng): sections in either byte order, any number of interfaces with link types
// and clocks of their own. Blocks of other kinds are passed over.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/byte_source.h"
#include "io/capture_format.h"
#include "io/field_reader.h"

namespace smtpath::io {

class PcapngReader {
 public:
  /// How many bytes recognise() wants.
  static constexpr std::size_t kBeginning = 12;

  /// None unless the file begins with a section header, or with less than one needs to be told.
  static std::optional<PcapngReader> recognise(std::span<const std::byte> first);

  Step next(ByteSource& source);

  const std::vector<std::string>& section_comments() const { return comments_; }
  const std::optional<FileStatistics>& statistics() const { return statistics_; }
  std::uint64_t unusable_blocks() const { return unusable_blocks_; }
  /// "pcapng, nanoseconds"
  std::string format() const;

 private:
  struct Interface {
    LinkType link = LinkType::Ethernet;
    std::uint32_t snap_length = 0;
    FileClock clock{kMicroseconds};
    /// Of sends that the kernel refused.
    bool is_unsent = false;
    CaptureStatistics counts;
  };

  /// One packet as its block tells it.
  struct Packet {
    const Interface* interface = nullptr;
    Time time;
    std::uint32_t captured = 0;
    std::uint32_t original = 0;
  };

  PcapngReader() = default;

  /// At the end of the source.
  Ending ending(const ByteSource& source) const;
  /// The event in a block's body, if it holds one.
  std::optional<FileEvent> read_block(std::uint32_t type, std::span<const std::byte> body);
  bool read_section(FieldReader fields);
  bool read_interface(FieldReader fields);
  std::optional<FileStatistics> read_statistics(FieldReader fields);
  std::optional<Frame> read_enhanced_packet(FieldReader fields);
  std::optional<Frame> read_obsolete_packet(FieldReader fields);
  std::optional<Frame> read_simple_packet(FieldReader fields);
  std::optional<Frame> read_frame(const Packet& packet, FieldReader fields);
  void add_comment(std::string comment);
  void note_resolution(std::uint8_t resolution);
  Interface* interface(std::uint32_t index);

  ByteOrder order_ = ByteOrder::Little;
  /// Of the section; one that is not is passed over.
  bool is_known_version_ = false;
  bool has_known_section_ = false;
  /// Of the first interface.
  std::optional<std::uint8_t> resolution_;
  bool has_mixed_resolutions_ = false;
  std::vector<Interface> interfaces_;
  Time last_time_;
  std::vector<std::string> comments_;
  std::size_t comment_bytes_ = 0;
  std::optional<FileStatistics> statistics_;
  std::uint64_t unusable_blocks_ = 0;
};

}  // namespace smtpath::io
