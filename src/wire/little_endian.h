#pragma once

// Headers that the capturing host writes in its own byte order are little-endian on about every host there is.

#include <cstdint>

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

inline std::uint16_t little_endian_u16(ByteReader& reader) {
  const std::uint16_t word = reader.u16();
  return static_cast<std::uint16_t>(word << 8 | word >> 8);
}

inline std::uint32_t little_endian_u32(ByteReader& reader) {
  const std::uint32_t low = little_endian_u16(reader);
  return low | std::uint32_t{little_endian_u16(reader)} << 16;
}

}  // namespace smtpath::wire
