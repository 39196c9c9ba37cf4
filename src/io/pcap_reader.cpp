#include "io/pcap_reader.h"

#include <algorithm>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kPacketHeader = 16;
/// With interface index, protocol and packet type behind it.
constexpr std::size_t kLongPacketHeader = 24;

constexpr std::uint32_t kMagicMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kMagicNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kMagicLongHeaders = 0xa1b2cd34;

struct Version {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;

  /// DG/UX numbered its own.
  bool is_of_dgux() const { return major == 543 && minor == 0; }
  bool is_known() const { return (major == 2 && minor <= 4) || is_of_dgux(); }
};

struct Beginning {
  ByteOrder order = ByteOrder::Big;
  std::uint32_t magic = 0;
  /// None where the file is too short to say.
  std::optional<Version> version;
};

std::optional<Beginning> beginning_of(std::span<const std::byte> first) {
  for (const ByteOrder order : {ByteOrder::Big, ByteOrder::Little}) {
    FieldReader fields(first, order);
    const std::uint32_t magic = fields.u32();
    if (magic != kMagicMicroseconds && magic != kMagicNanoseconds && magic != kMagicLongHeaders) continue;
    const Version version{.major = fields.u16(), .minor = fields.u16()};
    return Beginning{order, magic, fields.ok() ? std::optional(version) : std::nullopt};
  }
  return std::nullopt;
}

std::string packet_of(std::uint32_t bytes) {
  return "a packet of " + std::to_string(bytes) + " bytes";
}

}  // namespace

std::optional<PcapReader> PcapReader::recognise(std::span<const std::byte> first) {
  const auto beginning = beginning_of(first);
  if (!beginning || (beginning->version && !beginning->version->is_known())) return std::nullopt;
  return PcapReader(beginning->order, beginning->magic);
}

std::optional<std::string> unknown_pcap_version(std::span<const std::byte> first) {
  const auto beginning = beginning_of(first);
  if (!beginning || !beginning->version || beginning->version->is_known()) return std::nullopt;
  return std::to_string(beginning->version->major) + "." + std::to_string(beginning->version->minor);
}

PcapReader::PcapReader(ByteOrder order, std::uint32_t magic)
    : order_(order),
      has_nanoseconds_(magic == kMagicNanoseconds),
      packet_header_(magic == kMagicLongHeaders ? kLongPacketHeader : kPacketHeader) {}

Step PcapReader::next(ByteSource& source) {
  if (!is_header_read_) {
    const auto bytes = source.peek(kFileHeader);
    if (bytes.size() < kFileHeader) return cut_short(source, bytes.size());
    read_header(bytes);
    source.skip(kFileHeader);
  }
  if (surplus_ > 0 && source.discard(surplus_) < surplus_) return cut_short(source, 0);
  auto bytes = source.peek(packet_header_);
  if (bytes.empty()) return whole(source);
  if (bytes.size() < packet_header_) return cut_short(source, bytes.size());

  FieldReader fields(bytes, order_);
  const std::uint32_t seconds = fields.u32();
  const std::uint32_t fraction = fields.u32();
  std::uint32_t captured = fields.u32();
  std::uint32_t original = fields.u32();
  if (lengths_ == Lengths::Swapped || (lengths_ == Lengths::Doubtful && captured > original)) {
    std::swap(captured, original);
  }
  if (captured > largest_packet_) return damaged(source, packet_of(captured));

  const std::size_t kept = packet_header_ + std::min(captured, kMaxFrame);
  bytes = source.peek(kept);
  if (bytes.size() < kept) return cut_short(source, bytes.size());
  source.skip(kept);
  surplus_ = captured - std::min(captured, kMaxFrame);
  // Both are below 2^32, so the sum is far from the clock's end in 2116.
  const auto second = std::chrono::seconds(seconds);
  const auto part = has_nanoseconds_ ? Duration(fraction) : Duration(std::chrono::microseconds(fraction));
  return Frame{.time = Time{second + part},
               .link = link_,
               .bytes = bytes.subspan(packet_header_),
               .original_length = std::max(captured, original),
               .refused = std::nullopt};
}

void PcapReader::read_header(std::span<const std::byte> bytes) {
  FieldReader fields(bytes, order_);
  fields.skip(4);  // magic
  const Version version{.major = fields.u16(), .minor = fields.u16()};
  fields.skip(12);  // time zone, accuracy, snap length: never to be relied on
  // The upper bits tell of a frame check sequence.
  constexpr std::uint32_t kLinkTypeBits = 0x03ff'ffff;
  link_ = to_link_type(fields.u32() & kLinkTypeBits);
  largest_packet_ = largest_packet(link_);
  if (version.is_of_dgux() || version.minor < 3) lengths_ = Lengths::Swapped;
  if (version.major == 2 && version.minor == 3) lengths_ = Lengths::Doubtful;
  is_header_read_ = true;
}

std::string PcapReader::format() const {
  const bool is_modified = packet_header_ == kLongPacketHeader;
  return std::string(is_modified ? "modified pcap" : "pcap") + ", " +
         name_of_resolution(has_nanoseconds_ ? kNanoseconds : kMicroseconds);
}

}  // namespace smtpath::io
