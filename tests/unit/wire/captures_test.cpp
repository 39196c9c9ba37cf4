// Frames that nobody of this project made, decoded as tshark decodes them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "smtpath/io/capture_file.h"
#include "smtpath/wire/decoder.h"
#include "support/shared_captures.h"
#include "unit/wire/frames.h"
#include "unit/wire/tshark_frames.h"
#include "wire/decode_frame.h"

namespace smtpath::wire {
namespace {

namespace fs = std::filesystem;
using test::KeptFrame;
using test::SharkFrame;

// What the test looks at of one file; SMTPATH_ALL_FRAMES in the environment lifts it.
constexpr std::size_t kMostFrames = 100;

std::vector<KeptFrame> frames_of(const fs::path& path) {
  std::vector<KeptFrame> frames;
  auto file = io::CaptureFile::open(path.string());
  if (!file) return frames;
  const bool takes_all = std::getenv("SMTPATH_ALL_FRAMES") != nullptr;
  for (auto event = file.value().next(); event.ok() && event.value(); event = file.value().next()) {
    if (!takes_all && frames.size() == kMostFrames) break;
    const auto* const frame = std::get_if<Frame>(&*event.value());
    if (frame == nullptr) continue;
    frames.push_back({.link = frame->link,
                      .bytes = {frame->bytes.begin(), frame->bytes.end()},
                      .original_length = frame->original_length,
                      .origin = path.filename().string() + ", frame " + std::to_string(frames.size() + 1)});
  }
  return frames;
}

std::vector<std::vector<KeptFrame>> files() {
  std::vector<fs::path> paths;
  const auto shared = test::shared_captures();
  if (!shared) return {};
  for (const char* const folder : {"robust", "smtp", "other"}) {
    for (const auto& entry : fs::directory_iterator(*shared / folder)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::vector<KeptFrame>> all;
  for (const fs::path& path : paths) all.push_back(frames_of(path));
  return all;
}

bool contains(const std::string& protocols, const std::string& name) {
  return (":" + protocols + ":").find(":" + name + ":") != std::string::npos;
}

bool contains_any(const std::string& protocols, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return contains(protocols, name); });
}

// Where the two need not agree on what is TCP:
bool is_beyond_comparison(const SharkFrame& frame, const Decoded& decoded) {
  // in what an ICMP error quotes;
  if (contains_any(frame.protocols, {"icmp", "icmpv6"})) return true;
  // in compressed packets, which tshark inflates, and in link types that are not looked into;
  if (contains_any(frame.protocols, {"ipcomp", "netlink", "arcnet"})) return true;
  // in pseudo-wires, which do not say what they carry, so that both guess;
  if (contains(frame.protocols, "pwethheuristic")) return true;
  // in fragments that disagree on bytes that they share, which tshark puts together and RFC 5722 forbids;
  if (!frame.overlap_conflict.empty()) return true;
  // and in headers that contradict themselves, of which tshark shows the fields all the same.
  const auto* const reason = std::get_if<Undecodable>(&decoded);
  return reason != nullptr && *reason == Undecodable::BadTransportHeader;
}

// Not of fragments and of lengths past 64 KiB, which tshark 4.0 does not give, nor where the IP header declares more
// than was on the wire: tshark believes the frame there, and we the header.
bool is_length_comparable(const KeptFrame& frame, const TcpSegment& segment, const SharkFrame& shark) {
  const std::size_t cut = frame.original_length - std::min<std::size_t>(frame.original_length, frame.bytes.size());
  return !shark.payload_length.empty() && segment.payload_length <= 0xffff &&
         segment.payload_length <= segment.payload.size() + cut;
}

// In the words of tshark's fields; empty without TCP.
std::string tcp_of(const SharkFrame& frame, bool with_length) {
  if (!frame.has_tcp()) return {};
  return frame.source + " " + frame.source_port + " > " + frame.destination + " " + frame.destination_port + " seq " +
         frame.sequence + " len " + (with_length ? frame.payload_length : "");
}

std::string tcp_of(const Packet& packet, const TcpSegment& segment, bool with_length) {
  return to_string(packet.ip.source) + " " + std::to_string(segment.source_port.number) + " > " +
         to_string(packet.ip.destination) + " " + std::to_string(segment.destination_port.number) + " seq " +
         std::to_string(segment.sequence) + " len " +
         (with_length ? std::to_string(segment.payload_length) : std::string());
}

// True when both found TCP.
bool expect_same_tcp(const KeptFrame& frame, const Decoded& decoded, const SharkFrame& shark) {
  if (is_beyond_comparison(shark, decoded)) return false;
  const auto* const packet = std::get_if<Packet>(&decoded);
  const auto* const segment = packet == nullptr ? nullptr : std::get_if<TcpSegment>(&packet->payload);
  // tshark 4.0 does not read segments past 64 KiB at all.
  if (segment != nullptr && segment->payload_length > 0xffff && !shark.has_tcp()) return false;
  const bool with_length = segment != nullptr && is_length_comparable(frame, *segment, shark);
  const std::string ours = segment == nullptr ? std::string() : tcp_of(*packet, *segment, with_length);
  EXPECT_EQ(ours, tcp_of(shark, with_length)) << frame.origin << ", " << shark.protocols;
  return segment != nullptr;
}

Decoded decoded_alone(const KeptFrame& frame) {
  Decoded decoded;
  const std::size_t cut = frame.original_length - std::min<std::size_t>(frame.original_length, frame.bytes.size());
  const Flaw flaw = decode_frame(frame.link, frame.bytes, {.cut = cut}, std::get<Packet>(decoded));
  if (flaw) decoded = *flaw;
  return decoded;
}

TEST(Captures, HaveTheTcpHeadersThatTsharkFinds) {
  std::vector<KeptFrame> frames;
  for (auto& file : files()) std::move(file.begin(), file.end(), std::back_inserter(frames));
  if (frames.empty()) GTEST_SKIP() << test::kNotHere;
  const std::vector<SharkFrame> rows = read_frames_with_tshark(frames, false);
  ASSERT_EQ(rows.size(), frames.size()) << "tshark did not read them all";
  std::size_t compared = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (expect_same_tcp(frames[i], decoded_alone(frames[i]), rows[i])) ++compared;
  }
  EXPECT_GT(compared, frames.size() / 2);
  RecordProperty("frames", static_cast<int>(frames.size()));
  RecordProperty("compared", static_cast<int>(compared));
}

bool may_carry_tcp(std::uint8_t protocol) {
  constexpr std::uint8_t kEcho = 1;
  constexpr std::uint8_t kEchoV6 = 58;
  constexpr std::uint8_t kUdp = 17;
  return protocol != kEcho && protocol != kEchoV6 && protocol != kUdp;
}

bool has_fragments(const std::vector<KeptFrame>& frames) {
  return std::any_of(frames.begin(), frames.end(), [](const KeptFrame& frame) {
    const Decoded decoded = decoded_alone(frame);
    const auto* const packet = std::get_if<Packet>(&decoded);
    return packet != nullptr && packet->ip.is_fragment() && may_carry_tcp(packet->ip.protocol);
  });
}

TEST(Captures, HaveFragmentsPutTogetherAsTsharkDoes) {
  std::size_t compared = 0;
  std::size_t fragmented_files = 0;
  bool is_there = false;
  for (const auto& frames : files()) {
    is_there = true;
    if (!has_fragments(frames)) continue;
    ++fragmented_files;
    const std::vector<SharkFrame> rows = read_frames_with_tshark(frames, true);
    ASSERT_EQ(rows.size(), frames.size());
    Decoder decoder;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      Frame frame;
      frame.link = frames[i].link;
      frame.bytes = frames[i].bytes;
      frame.original_length = frames[i].original_length;
      if (expect_same_tcp(frames[i], decoder.decode(frame), rows[i])) ++compared;
    }
  }
  if (!is_there) GTEST_SKIP() << test::kNotHere;
  EXPECT_GT(compared, 0U);
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("files", static_cast<int>(fragmented_files));
}

}  // namespace
}  // namespace smtpath::wire
