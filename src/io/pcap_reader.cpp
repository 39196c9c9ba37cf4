#include "io/pcap_reader.h"

#include <algorithm>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kPacketHeader = 16;
/// With interface index, protocol and packet type behind it.
constexpr std::size_t kLongPacketHeader = 24;
/// The largest frame that libpcap writes of any network interface.
constexpr std::uint32_t kMaxFrame = 262'144;

constexpr std::uint32_t kMagicMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kMagicNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kMagicLongHeaders = 0xa1b2cd34;

}  // namespace

std::optional<PcapReader> PcapReader::recognise(std::span<const std::byte> first) {
  for (const ByteOrder order : {ByteOrder::Big, ByteOrder::Little}) {
    const std::uint32_t magic = FieldReader(first, order).u32();
    if (magic != kMagicMicroseconds && magic != kMagicNanoseconds && magic != kMagicLongHeaders) continue;
    PcapReader reader;
    reader.order_ = order;
    reader.resolution_ = magic == kMagicNanoseconds ? kNanoseconds : kMicroseconds;
    reader.packet_header_ = magic == kMagicLongHeaders ? kLongPacketHeader : kPacketHeader;
    return reader;
  }
  return std::nullopt;
}

Step PcapReader::next(ByteSource& source) {
  const auto cut_short = [&](std::size_t present) { return Ending{EndingKind::CutShort, source.offset() + present}; };
  if (!header_) {
    const auto bytes = source.peek(kFileHeader);
    if (bytes.size() < kFileHeader) return cut_short(bytes.size());
    header_ = read_header(bytes);
    source.skip(kFileHeader);
  }
  auto bytes = source.peek(packet_header_);
  if (bytes.empty()) return Ending{EndingKind::Whole, source.offset()};
  if (bytes.size() < packet_header_) return cut_short(bytes.size());

  FieldReader fields(bytes, order_);
  const std::uint64_t seconds = fields.u32();
  const std::uint64_t fraction = fields.u32();
  std::uint32_t captured = fields.u32();
  std::uint32_t original = fields.u32();
  const bool is_swapped =
      header_->lengths == Lengths::Swapped || (header_->lengths == Lengths::Doubtful && captured > original);
  if (is_swapped) std::swap(captured, original);
  if (captured > kMaxFrame) return Ending{EndingKind::Damaged, source.offset()};

  bytes = source.peek(packet_header_ + captured);
  if (bytes.size() < packet_header_ + captured) return cut_short(bytes.size());
  source.skip(bytes.size());
  const std::uint64_t per_second = resolution_ == kNanoseconds ? 1'000'000'000 : 1'000'000;
  return Frame{.time = to_time(seconds * per_second + fraction, resolution_, 0),
               .link = header_->link,
               .bytes = bytes.subspan(packet_header_),
               .original_length = std::max(captured, original),
               .refused = std::nullopt};
}

PcapReader::Header PcapReader::read_header(std::span<const std::byte> bytes) const {
  FieldReader fields(bytes, order_);
  fields.skip(4);  // magic
  const std::uint16_t major = fields.u16();
  const std::uint16_t minor = fields.u16();
  fields.skip(12);  // time zone, accuracy, snap length: never to be relied on
  // The upper bits tell of a frame check sequence.
  constexpr std::uint32_t kLinkTypeBits = 0x03ff'ffff;
  Header header;
  header.link = to_link_type(fields.u32() & kLinkTypeBits);
  if (major == 2 && minor < 3) header.lengths = Lengths::Swapped;
  if (major == 2 && minor == 3) header.lengths = Lengths::Doubtful;
  return header;
}

}  // namespace smtpath::io
