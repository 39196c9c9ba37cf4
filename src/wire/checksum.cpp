#include "wire/checksum.h"

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

std::uint16_t folded(std::uint64_t sum) {
  while (sum > kAllOnes) sum = (sum & kAllOnes) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

std::uint16_t complement(std::uint16_t word) {
  return static_cast<std::uint16_t>(~word);
}

}  // namespace

std::uint16_t ones_complement_sum(std::span<const std::byte> bytes, std::uint16_t start) {
  // 32-bit words have the same folded sum as their 16-bit halves; 64 bits hold 2^32 of them.
  std::uint64_t sum = start;
  ByteReader reader(bytes);
  while (reader.remaining() >= 4) sum += reader.u32();
  if (reader.remaining() >= 2) sum += reader.u16();
  if (reader.remaining() == 1) sum += std::uint64_t{reader.u8()} << 8;
  return folded(sum);
}

std::uint16_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::uint32_t length) {
  const std::uint16_t addresses = ones_complement_sum(destination.bytes(), ones_complement_sum(source.bytes()));
  return folded(std::uint64_t{addresses} + protocol + length);
}

std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t word_before, std::uint16_t word_after) {
  return complement(folded(std::uint64_t{complement(checksum)} + complement(word_before) + word_after));
}

}  // namespace smtpath::wire
