#include "wire/capture_header.h"

#include "wire/little_endian.h"

namespace smtpath::wire {

namespace {

// Up to `length` bytes from where `begin` stood, for a header that states its own length; a failed reader when the
// header is shorter than what was read of it.
void skip_up_to(std::size_t length, ByteReader begin, ByteReader& reader) {
  const std::size_t done = begin.remaining() - reader.remaining();
  reader.skip(length < done ? begin.remaining() + 1 : length - done);
}

}  // namespace

LinkType enclosed_link_type(LinkType link, ByteReader& reader) {
  const ByteReader begin = reader;
  std::size_t length = 0;
  if (link == LinkType::Ppi) {
    reader.skip(1 + 1);  // version, flags
    length = little_endian_u16(reader);
  } else {
    length = little_endian_u32(reader);
    reader.skip(4);  // type of what follows: a packet
  }
  const auto enclosed = static_cast<std::uint16_t>(little_endian_u32(reader));
  skip_up_to(length, begin, reader);
  return LinkType{enclosed};
}

void skip_radiotap(ByteReader& reader) {
  const ByteReader begin = reader;
  reader.skip(1 + 1);  // version, padding
  const std::uint16_t length = little_endian_u16(reader);
  skip_up_to(length, begin, reader);
}

void skip_prism(ByteReader& reader) {
  constexpr std::size_t kLength = 144;
  reader.skip(kLength);
}

void skip_avs(ByteReader& reader) {
  const ByteReader begin = reader;
  reader.skip(4);  // version
  const std::uint32_t length = reader.u32();
  skip_up_to(length, begin, reader);
}

void skip_pflog(ByteReader& reader) {
  const ByteReader begin = reader;
  const std::size_t length = reader.u8();
  skip_up_to((length + 3U) & ~std::size_t{3}, begin, reader);
}

std::optional<Layer> behind_nflog(ByteReader& reader) {
  constexpr std::uint8_t kBridge = 7;
  constexpr std::uint16_t kPayload = 9;
  constexpr std::size_t kAttributeHeader = 4;
  const std::uint8_t family = reader.u8();
  reader.skip(1 + 2);  // version, group
  while (reader.ok()) {
    const std::uint16_t length = little_endian_u16(reader);
    const std::uint16_t type = little_endian_u16(reader);
    if (type == kPayload) break;
    const std::size_t padded = (length + 3U) & ~std::size_t{3};
    reader.skip(padded < kAttributeHeader ? reader.remaining() + 1 : padded - kAttributeHeader);
  }
  const int version = ByteReader(reader).u8() >> 4;
  if (family == kBridge && version != 4 && version != 6) return std::nullopt;
  return Layer::Ip;
}

}  // namespace smtpath::wire
