#include "io/snoop_reader.h"

#include <algorithm>
#include <array>

#include "smtpath/base/byte_reader.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kFileHeader = 16;
constexpr std::size_t kRecordHeader = 24;
constexpr std::uint64_t kMagic = 0x736e6f6f70000000;  // "snoop" and three zeros
constexpr std::uint32_t kVersion = 2;

/// By the table of RFC 1761; one without a counterpart in the registry stays unknown.
LinkType link_of(std::uint32_t number) {
  struct Pair {
    std::uint32_t number;
    std::uint32_t registered;
  };
  constexpr std::array kPairs = {Pair{0, 1}, Pair{2, 6}, Pair{4, 1}, Pair{8, 10}};
  constexpr std::uint32_t kUnknown = 0xffff;
  const auto* pair = std::find_if(kPairs.begin(), kPairs.end(), [&](const Pair& any) { return any.number == number; });
  return to_link_type(pair == kPairs.end() ? kUnknown : pair->registered);
}

}  // namespace

std::optional<SnoopReader> SnoopReader::recognise(std::span<const std::byte> first) {
  ByteReader fields(first);
  const std::uint64_t upper = fields.u32();
  const std::uint64_t lower = fields.u32();
  if ((upper << 32 | lower) != kMagic || fields.u32() != kVersion) return std::nullopt;
  return SnoopReader();
}

Step SnoopReader::next(ByteSource& source) {
  if (!is_header_read_) {
    const auto header = source.peek(kFileHeader);
    if (header.size() < kFileHeader) return cut_short(source, header.size());
    ByteReader fields(header);
    fields.skip(kBeginning);
    link_ = link_of(fields.u32());
    source.skip(kFileHeader);
    is_header_read_ = true;
  }
  if (source.discard(padding_) < padding_) return cut_short(source, 0);
  auto bytes = source.peek(kRecordHeader);
  if (bytes.empty()) return whole(source);
  if (bytes.size() < kRecordHeader) return cut_short(source, bytes.size());

  ByteReader fields(bytes);
  const std::uint32_t original = fields.u32();
  const std::uint32_t captured = fields.u32();
  const std::uint32_t record = fields.u32();
  const std::uint32_t drops = fields.u32();
  const std::uint32_t seconds = fields.u32();
  const std::uint32_t microseconds = fields.u32();
  if (captured > kMaxFrame) return damaged(source, "a packet of " + std::to_string(captured) + " bytes");
  // A record is a little longer than what it holds; wiretap too takes more padding for damage.
  constexpr std::uint32_t kMaxPadding = 65'535;
  const std::uint32_t content = static_cast<std::uint32_t>(kRecordHeader) + captured;
  if (record < content || record - content > kMaxPadding) {
    return damaged(source,
                   "a record of " + std::to_string(record) + " bytes with a packet of " + std::to_string(captured));
  }
  bytes = source.peek(content);
  if (bytes.size() < content) return cut_short(source, bytes.size());
  source.skip(content);
  padding_ = record - content;

  const Time time{std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds)};
  const std::uint64_t received = statistics_ ? statistics_->counts.received + 1 : 1;
  statistics_ = FileStatistics{.end = time, .counts = {.received = received, .dropped = drops}, .comment = {}};
  return Frame{.time = time,
               .link = link_,
               .bytes = bytes.subspan(kRecordHeader),
               .original_length = std::max(captured, original),
               .refused = std::nullopt};
}

}  // namespace smtpath::io
