#include "support/capture_format.h"

#include <algorithm>
#include <chrono>

#include "support/byte_writer.h"

namespace smtpath::test {

namespace {

constexpr std::uint64_t kNanosecondsASecond = 1'000'000'000;

std::uint64_t nanoseconds_of(Time at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

void put_option(ByteWriter& block, std::uint16_t code, std::span<const std::byte> value) {
  block.put(code).put(static_cast<std::uint16_t>(value.size())).put(value).pad(4);
}

// draft-ietf-opsawg-pcapng section 3.1.
Bytes block_of(std::endian order, std::uint32_t type, std::span<const std::byte> body) {
  constexpr std::size_t kFrame = 12;
  const auto length = static_cast<std::uint32_t>(body.size() + kFrame);
  ByteWriter block(order);
  block.put(type).put(length).put(body).put(length);
  return block.take();
}

}  // namespace

Bytes pcap_header(const PcapVariant& variant) {
  constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
  constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
  ByteWriter header(variant.order);
  header.put(variant.has_nanoseconds ? kNanoseconds : kMicroseconds).put(std::uint16_t{2}).put(std::uint16_t{4});
  header.put(std::uint32_t{0}).put(std::uint32_t{0}).put(variant.snap_length);
  header.put(static_cast<std::uint32_t>(variant.link));
  return header.take();
}

Bytes pcap_record(const PcapVariant& variant, Time at, std::span<const std::byte> frame) {
  const std::uint64_t time = nanoseconds_of(at);
  const std::uint64_t fraction = time % kNanosecondsASecond;
  const std::size_t captured = std::min<std::size_t>(frame.size(), variant.snap_length);
  ByteWriter record(variant.order);
  record.put(static_cast<std::uint32_t>(time / kNanosecondsASecond));
  record.put(static_cast<std::uint32_t>(variant.has_nanoseconds ? fraction : fraction / 1'000));
  record.put(static_cast<std::uint32_t>(captured)).put(static_cast<std::uint32_t>(frame.size()));
  record.put(frame.first(captured));
  return record.take();
}

Bytes pcapng_section(std::endian order, std::string_view comment) {
  constexpr std::uint32_t kType = 0x0a0d0d0a;
  constexpr std::uint32_t kOrder = 0x1a2b3c4d;
  constexpr std::uint16_t kComment = 1;
  ByteWriter body(order);
  body.put(kOrder).put(std::uint16_t{1}).put(std::uint16_t{0}).put(~std::uint64_t{0});
  if (!comment.empty()) {
    put_option(body, kComment, std::as_bytes(std::span(comment)));
    put_option(body, 0, {});
  }
  return block_of(order, kType, body.take());
}

Bytes pcapng_interface(std::endian order, const PcapngInterface& interface) {
  constexpr std::uint32_t kType = 1;
  constexpr std::uint16_t kName = 2;
  constexpr std::uint16_t kResolution = 9;
  ByteWriter body(order);
  body.put(static_cast<std::uint16_t>(interface.link)).put(std::uint16_t{0}).put(std::uint32_t{0});
  if (!interface.name.empty()) put_option(body, kName, std::as_bytes(std::span(interface.name)));
  const std::byte resolution{interface.decimals};
  put_option(body, kResolution, std::span(&resolution, 1));
  put_option(body, 0, {});
  return block_of(order, kType, body.take());
}

Bytes pcapng_packet(std::endian order, const PcapngPlace& place, Time at, std::span<const std::byte> frame) {
  constexpr std::uint32_t kType = 6;
  constexpr std::uint8_t kNanosecondDecimals = 9;
  std::uint64_t units = nanoseconds_of(at);
  for (auto decimals = place.decimals; decimals < kNanosecondDecimals; ++decimals) units /= 10;
  const auto length = static_cast<std::uint32_t>(frame.size());
  ByteWriter body(order);
  body.put(place.index).put(static_cast<std::uint32_t>(units >> 32)).put(static_cast<std::uint32_t>(units));
  body.put(length).put(length).put(frame).pad(4);
  return block_of(order, kType, body.take());
}

}  // namespace smtpath::test
