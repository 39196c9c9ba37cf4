#pragma once

// The snoop format, version 2 (RFC 1761), as Solaris and its successors write it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/byte_source.h"
#include "io/capture_format.h"

namespace smtpath::io {

class SnoopReader {
 public:
  /// How many bytes recognise() wants.
  static constexpr std::size_t kBeginning = 12;

  /// None unless the file begins as one of version 2.
  static std::optional<SnoopReader> recognise(std::span<const std::byte> first);

  Step next(ByteSource& source);

  /// How many packets the file has had so far, and how many were lost before it; none before the first.
  const std::optional<FileStatistics>& statistics() const { return statistics_; }

  static std::string format() { return "snoop, microseconds"; }

 private:
  SnoopReader() = default;

  bool is_header_read_ = false;
  LinkType link_ = LinkType::Ethernet;
  std::optional<FileStatistics> statistics_;
  /// What follows the last packet in its record.
  std::uint32_t padding_ = 0;
};

}  // namespace smtpath::io
