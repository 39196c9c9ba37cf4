// Any bytes as a few frames of a capture, of any link type: what they decode to stays within them, and fragments never
// take more than their bound. The bytes are cut into frames as they say themselves: link type (2), length (2), how much
// the capture left out (1), seconds since the frame before (1), then the frame.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>
#include <vector>

#include "smtpath/base/byte_reader.h"
#include "smtpath/wire/decoder.h"

namespace {

using smtpath::ByteReader;
using smtpath::Frame;
using smtpath::LinkType;
using smtpath::wire::Decoded;
using smtpath::wire::Decoder;
using smtpath::wire::FragmentCounters;
using smtpath::wire::IcmpError;
using smtpath::wire::MplsStack;
using smtpath::wire::Packet;
using smtpath::wire::TcpSegment;

constexpr std::uint64_t kMostDatagrams = 1024;

void demand(bool holds) {
  if (!holds) std::abort();
}

// Every byte that is lent can be read.
void read_all(std::span<const std::byte> bytes) {
  [[maybe_unused]] static volatile std::byte sink;
  std::byte sum{};
  for (const std::byte byte : bytes) sum ^= byte;
  sink = sum;
}

void check(const Decoded& decoded) {
  const auto* const packet = std::get_if<Packet>(&decoded);
  if (packet == nullptr) return;
  if (const auto* const segment = std::get_if<TcpSegment>(&packet->payload)) {
    demand(segment->payload.size() <= segment->payload_length);
    demand(!segment->is_header_cut || segment->payload.empty());
    read_all(segment->payload);
  }
  if (const auto* const error = std::get_if<IcmpError>(&packet->payload)) {
    demand(error->mpls.count <= MplsStack::kMaxLabels);
  }
}

// The next frame in a heap block of its own, so that AddressSanitizer sees any read past its end.
Frame next_frame(ByteReader& input, std::vector<std::byte>& bytes, Frame before) {
  Frame frame = before;
  frame.link = LinkType{input.u16()};
  const std::size_t length = input.u16();
  const std::uint8_t cut = input.u8();
  frame.time += std::chrono::seconds(input.u8());
  const auto taken = input.take(std::min(length, input.remaining()));
  bytes.assign(taken.begin(), taken.end());
  bytes.shrink_to_fit();
  frame.bytes = bytes;
  frame.original_length = static_cast<std::uint32_t>(bytes.size() + cut);
  return frame;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader input(std::as_bytes(std::span(data, size)));
  Decoder decoder;
  std::vector<std::byte> bytes;
  for (Frame frame; input.remaining() > 0;) {
    frame = next_frame(input, bytes, frame);
    const std::uint64_t fragments_before = decoder.fragments().fragments;
    const Decoded in_sequence = decoder.decode(frame);
    check(in_sequence);

    // By itself a whole frame that is no fragment decodes to the same.
    const Decoded alone = smtpath::wire::decode(frame.link, frame.bytes);
    check(alone);
    const FragmentCounters& counters = decoder.fragments();
    demand(counters.reassembled + counters.given_up + counters.waiting <= counters.fragments);
    demand(counters.waiting <= kMostDatagrams);
    const bool is_whole = frame.original_length == frame.bytes.size();
    if (is_whole && counters.fragments == fragments_before) demand(in_sequence.index() == alone.index());
  }
  return 0;
}
