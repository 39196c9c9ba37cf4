#pragma once

// A ByteReader for files that come in either byte order.

#include <cstddef>
#include <cstdint>
#include <span>

#include "smtpath/base/byte_reader.h"

namespace smtpath::io {

enum class ByteOrder : std::uint8_t { Big, Little };

class FieldReader {
 public:
  FieldReader(std::span<const std::byte> bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

  bool ok() const { return bytes_.ok(); }
  std::size_t remaining() const { return bytes_.remaining(); }

  std::uint8_t u8() { return bytes_.u8(); }
  std::uint16_t u16() {
    const std::uint16_t value = bytes_.u16();
    return order_ == ByteOrder::Big ? value : __builtin_bswap16(value);
  }
  std::uint32_t u32() {
    const std::uint32_t value = bytes_.u32();
    return order_ == ByteOrder::Big ? value : __builtin_bswap32(value);
  }
  std::uint64_t u64() {
    const std::uint64_t first = u32();
    const std::uint64_t second = u32();
    return order_ == ByteOrder::Big ? first << 32 | second : second << 32 | first;
  }
  /// Two 32-bit numbers, the upper half first in either byte order.
  std::uint64_t halves() {
    const std::uint64_t upper = u32();
    return upper << 32 | u32();
  }

  std::span<const std::byte> take(std::size_t count) { return bytes_.take(count); }
  void skip(std::size_t count) { bytes_.skip(count); }

 private:
  ByteReader bytes_;
  ByteOrder order_;
};

}  // namespace smtpath::io
