#include "wire/icmp_extensions.h"

#include <algorithm>
#include <array>

#include "smtpath/base/byte_reader.h"
#include "wire/checksum.h"

namespace smtpath::wire {

namespace {

// Where extensions begin when the sender gives no length (RFC 4884 section 5.5).
constexpr std::size_t kOldStyleMark = 128;
constexpr std::size_t kHeaderLength = 4;

// RFC 4884 section 7. The checksum proves it; where that is zero (not computed) or cut off, version and reserved bits
// must be right.
bool begins_extension(std::span<const std::byte> bytes, bool is_whole) {
  ByteReader reader(bytes);
  const std::uint16_t version_and_reserved = reader.u16();
  const std::uint16_t checksum = reader.u16();
  if (!reader.ok() || version_and_reserved >> 12 != 2) return false;
  if (checksum == 0 || !is_whole) return version_and_reserved == 0x2000;
  return ones_complement_sum(bytes) == kAllOnes;
}

void append_labels(std::span<const std::byte> entries, MplsStack& stack) {
  ByteReader reader(entries);
  while (reader.remaining() >= 4 && stack.count < MplsStack::kMaxLabels) {
    const std::uint32_t entry = reader.u32();
    stack.labels[stack.count++] = {.label = entry >> 12,
                                   .traffic_class = static_cast<std::uint8_t>(entry >> 9 & 7),
                                   .bottom_of_stack = (entry >> 8 & 1) != 0,
                                   .ttl = static_cast<std::uint8_t>(entry)};
  }
}

}  // namespace

ErrorBody split_error_body(std::span<const std::byte> body, std::size_t quote_length, bool is_whole) {
  for (const std::size_t mark : {quote_length, kOldStyleMark}) {
    if (mark == 0 || mark > body.size() || !begins_extension(body.subspan(mark), is_whole)) continue;
    return {.quote = body.first(mark), .extension_objects = body.subspan(mark + kHeaderLength)};
  }
  return {.quote = body, .extension_objects = {}};
}

MplsStack decode_mpls(std::span<const std::byte> extension_objects) {
  constexpr std::size_t kObjectHeader = 4;
  constexpr std::uint16_t kIncomingLabelStack = 0x0101;  // class 1, type 1
  MplsStack stack;
  ByteReader reader(extension_objects);
  while (reader.remaining() >= kObjectHeader) {
    const std::size_t length = reader.u16();
    const std::uint16_t class_and_type = reader.u16();
    if (length < kObjectHeader) break;
    const auto object = reader.take(std::min(length - kObjectHeader, reader.remaining()));
    if (class_and_type == kIncomingLabelStack) append_labels(object, stack);
  }
  return stack;
}

}  // namespace smtpath::wire
