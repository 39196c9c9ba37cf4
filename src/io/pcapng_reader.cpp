#include "io/pcapng_reader.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "io/pcapng_format.h"

namespace smtpath::io {

namespace {

using pcapng::BlockType;

/// Of a section.
constexpr std::size_t kMaxInterfaces = 131'072;
/// Of all sections together; more is not kept.
constexpr std::size_t kMaxComments = pcapng::kMaxBlock;

/// By the byte-order magic of a section header block.
std::optional<ByteOrder> order_of_section(std::span<const std::byte> block) {
  for (const ByteOrder order : {ByteOrder::Big, ByteOrder::Little}) {
    FieldReader fields(block, order);
    fields.skip(8);
    if (fields.u32() == pcapng::kByteOrderMagic) return order;
  }
  return std::nullopt;
}

bool is_section_header(std::uint32_t type) {
  return type == static_cast<std::uint32_t>(BlockType::SectionHeader);
}

/// Calls `handle(code, content)` for each option up to the end, or up to one that does not fit.
template <class Handle>
void for_each_option(FieldReader fields, ByteOrder order, Handle handle) {
  while (fields.remaining() > 0) {
    const std::uint16_t code = fields.u16();
    const std::uint16_t length = fields.u16();
    const auto content = fields.take(length);
    if (!fields.ok() || code == pcapng::kEndOfOptions) return;
    handle(code, FieldReader(content, order));
    fields.skip(pcapng::padding_after(length));
  }
}

std::string block_of_two_lengths(std::size_t first, std::size_t last) {
  return "a block of " + std::to_string(first) + " bytes that ends as one of " + std::to_string(last);
}

std::string text_of(FieldReader content) {
  const auto bytes = content.take(content.remaining());
  std::string text(bytes.size(), '\0');
  std::transform(bytes.begin(), bytes.end(), text.begin(), [](std::byte byte) { return std::to_integer<char>(byte); });
  return text;
}

/// "refused: EPERM (1)"
std::optional<int> errno_in(std::string_view comment) {
  if (comment.substr(0, pcapng::kRefusedPrefix.size()) != pcapng::kRefusedPrefix) return std::nullopt;
  const std::size_t open = comment.rfind('(');
  if (open == std::string_view::npos) return std::nullopt;
  int number = 0;
  const char* end = comment.data() + comment.size();
  const auto [rest, error] = std::from_chars(comment.data() + open + 1, end, number);
  const bool is_closed = rest + 1 == end && *rest == ')';
  if (error != std::errc() || !is_closed || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<PcapngReader> PcapngReader::recognise(std::span<const std::byte> first) {
  if (!is_section_header(FieldReader(first, ByteOrder::Big).u32())) return std::nullopt;
  if (first.size() >= kBeginning && !order_of_section(first)) return std::nullopt;
  return PcapngReader();
}

Step PcapngReader::next(ByteSource& source) {
  for (;;) {
    auto block = source.peek(pcapng::kMinBlock);
    if (block.empty()) return ending(source);
    if (block.size() < pcapng::kMinBlock) return cut_short(source, block.size());
    FieldReader beginning(block, order_);
    const std::uint32_t type = beginning.u32();
    std::size_t stated = beginning.u32();
    if (is_section_header(type)) {
      const auto order = order_of_section(block);
      if (!order) return damaged(source, "a section in no byte order");
      order_ = *order;
      stated = FieldReader(block.subspan(4), order_).u32();
    }
    if (stated < pcapng::kMinBlock || stated > pcapng::kMaxBlock) {
      return damaged(source, "a block of " + std::to_string(stated) + " bytes");
    }
    // Some writers leave the padding out of the length.
    const std::size_t length = stated + pcapng::padding_after(stated);
    block = source.peek(length);
    if (block.size() < length) return cut_short(source, block.size());
    const std::uint32_t repeated = FieldReader(block.last(4), order_).u32();
    if (repeated != stated) return damaged(source, block_of_two_lengths(stated, repeated));
    source.skip(length);
    auto event = read_block(type, block.subspan(8, length - pcapng::kMinBlock));
    if (!event) continue;
    if (auto* statistics = std::get_if<FileStatistics>(&*event)) return std::move(*statistics);
    return std::get<Frame>(*event);
  }
}

Ending PcapngReader::ending(const ByteSource& source) const {
  if (has_known_section_) return whole(source);
  return {.kind = EndingKind::Damaged,
          .offset = 0,
          .compressed_offset = {},
          .text = "no section of a known version of pcapng"};
}

std::optional<FileEvent> PcapngReader::read_block(std::uint32_t type, std::span<const std::byte> body) {
  if (!is_section_header(type) && !is_known_version_) return std::nullopt;
  const FieldReader fields(body, order_);
  std::optional<FileEvent> event;
  bool is_usable = true;
  switch (static_cast<BlockType>(type)) {
    case BlockType::SectionHeader:
      is_usable = read_section(fields);
      break;
    case BlockType::InterfaceDescription:
      is_usable = read_interface(fields);
      break;
    case BlockType::InterfaceStatistics:
      event = read_statistics(fields);
      is_usable = event.has_value();
      break;
    case BlockType::EnhancedPacket:
      event = read_enhanced_packet(fields);
      is_usable = event.has_value();
      break;
    case BlockType::ObsoletePacket:
      event = read_obsolete_packet(fields);
      is_usable = event.has_value();
      break;
    case BlockType::SimplePacket:
      event = read_simple_packet(fields);
      is_usable = event.has_value();
      break;
    case BlockType::DecryptionSecrets:
      break;  // the packets are judged as the network saw them
  }
  if (!is_usable) ++unusable_blocks_;
  if (event && std::holds_alternative<Frame>(*event)) last_time_ = std::get<Frame>(*event).time;
  return event;
}

bool PcapngReader::read_section(FieldReader fields) {
  interfaces_.clear();
  fields.skip(4);  // byte-order magic
  const std::uint16_t major_version = fields.u16();
  fields.skip(2 + 8);  // minor version, section length
  is_known_version_ = fields.ok() && major_version == 1;
  if (!is_known_version_) return false;
  has_known_section_ = true;
  std::string comment;
  for_each_option(fields, order_, [&](std::uint16_t code, FieldReader content) {
    if (code != pcapng::kComment) return;
    const bool is_continued = content.remaining() >= pcapng::kShortestCutPiece;
    comment += text_of(content);
    if (!is_continued) add_comment(std::exchange(comment, {}));
  });
  if (!comment.empty()) add_comment(std::move(comment));
  return true;
}

void PcapngReader::add_comment(std::string comment) {
  constexpr std::size_t kOverhead = sizeof(std::string);
  if (comment_bytes_ + comment.size() + kOverhead > kMaxComments) return;
  comment_bytes_ += comment.size() + kOverhead;
  comments_.push_back(std::move(comment));
}

bool PcapngReader::read_interface(FieldReader fields) {
  Interface interface;
  interface.link = to_link_type(fields.u16());
  fields.skip(2);
  interface.snap_length = fields.u32();
  if (!fields.ok() || interfaces_.size() == kMaxInterfaces) return false;
  std::uint8_t resolution = kMicroseconds;
  std::int64_t time_offset = 0;
  for_each_option(fields, order_, [&](std::uint16_t code, FieldReader content) {
    if (code == pcapng::kInterfaceName) {
      interface.is_unsent = interface.link == LinkType::Raw && text_of(content) == pcapng::kUnsentInterface;
    } else if (code == pcapng::kInterfaceTimeResolution && content.remaining() == 1) {
      resolution = content.u8();
    } else if (code == pcapng::kInterfaceTimeOffset && content.remaining() == 8) {
      time_offset = static_cast<std::int64_t>(content.u64());
    }
  });
  interface.clock = FileClock(resolution, time_offset);
  interfaces_.push_back(interface);
  note_resolution(resolution);
  return true;
}

void PcapngReader::note_resolution(std::uint8_t resolution) {
  has_mixed_resolutions_ = has_mixed_resolutions_ || (resolution_ && *resolution_ != resolution);
  if (!resolution_) resolution_ = resolution;
}

std::string PcapngReader::format() const {
  if (!resolution_) return "pcapng";
  return "pcapng, " + (has_mixed_resolutions_ ? "mixed resolutions" : name_of_resolution(*resolution_));
}

std::optional<FileStatistics> PcapngReader::read_statistics(FieldReader fields) {
  Interface* of = interface(fields.u32());
  const std::uint64_t when = fields.halves();
  if (!fields.ok() || of == nullptr) return std::nullopt;

  FileStatistics said{.end = of->clock.time(when), .counts = {}, .comment = {}};
  CaptureStatistics counts;
  for_each_option(fields, order_, [&](std::uint16_t code, FieldReader content) {
    if (code == pcapng::kComment) said.comment = text_of(content);
    if (content.remaining() != 8) return;
    if (code == pcapng::kStatisticsEnd) said.end = of->clock.time(content.halves());
    if (code == pcapng::kStatisticsReceived) counts.received = content.u64();
    if (code == pcapng::kStatisticsDroppedByInterface) counts.dropped += content.u64();
    if (code == pcapng::kStatisticsDroppedBySystem) counts.dropped += content.u64();
  });
  // A later block of an interface counts from the beginning again.
  if (!statistics_) statistics_.emplace();
  statistics_->end = std::max(statistics_->end, said.end);
  statistics_->counts.received += counts.received - of->counts.received;
  statistics_->counts.dropped += counts.dropped - of->counts.dropped;
  of->counts = counts;
  said.counts = statistics_->counts;
  return said;
}

std::optional<Frame> PcapngReader::read_enhanced_packet(FieldReader fields) {
  Packet packet;
  packet.interface = interface(fields.u32());
  const std::uint64_t units = fields.halves();
  packet.captured = fields.u32();
  packet.original = fields.u32();
  if (packet.interface == nullptr) return std::nullopt;
  packet.time = packet.interface->clock.time(units);
  return read_frame(packet, fields);
}

std::optional<Frame> PcapngReader::read_obsolete_packet(FieldReader fields) {
  Packet packet;
  packet.interface = interface(fields.u16());
  fields.skip(2);  // drops
  const std::uint64_t units = fields.halves();
  packet.captured = fields.u32();
  packet.original = fields.u32();
  if (packet.interface == nullptr) return std::nullopt;
  packet.time = packet.interface->clock.time(units);
  return read_frame(packet, fields);
}

/// Of the first interface, without a time; cut by its snap length and padded to the block's end.
std::optional<Frame> PcapngReader::read_simple_packet(FieldReader fields) {
  Packet packet;
  packet.interface = interface(0);
  packet.time = last_time_;
  packet.original = fields.u32();
  if (packet.interface == nullptr) return std::nullopt;
  packet.captured = packet.original;
  if (packet.interface->snap_length != 0) packet.captured = std::min(packet.captured, packet.interface->snap_length);
  return read_frame(packet, fields);
}

std::optional<Frame> PcapngReader::read_frame(const Packet& packet, FieldReader fields) {
  const auto bytes = fields.take(packet.captured);
  Frame frame{.time = packet.time,
              .link = packet.interface->link,
              .bytes = bytes.first(std::min<std::size_t>(bytes.size(), kMaxFrame)),
              .original_length = std::max(packet.captured, packet.original),
              .refused = std::nullopt};
  fields.skip(pcapng::padding_after(packet.captured));
  if (!fields.ok()) return std::nullopt;
  if (!packet.interface->is_unsent) return frame;
  for_each_option(fields, order_, [&](std::uint16_t code, FieldReader content) {
    if (code != pcapng::kComment) return;
    const std::string comment = text_of(content);
    frame.is_unseen = frame.is_unseen || comment == pcapng::kUnseenComment;
    if (!frame.refused) frame.refused = errno_in(comment);
  });
  if (!frame.refused && !frame.is_unseen) return std::nullopt;
  return frame;
}

PcapngReader::Interface* PcapngReader::interface(std::uint32_t index) {
  return index < interfaces_.size() ? &interfaces_[index] : nullptr;
}

}  // namespace smtpath::io
