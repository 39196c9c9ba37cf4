// Frames that nobody of this project made, decoded as tshark decodes them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "smtpath/io/capture_file.h"
#include "smtpath/wire/decoder.h"
#include "unit/wire/frames.h"
#include "unit/wire/tshark_frames.h"

namespace smtpath::wire {
namespace {

namespace fs = std::filesystem;
using test::KeptFrame;
using test::SharkFrame;

fs::path captures() {
  const char* const chosen = std::getenv("SMTPATH_SHARED_CAPTURES");
  return chosen != nullptr ? fs::path(chosen) : fs::path(SMTPATH_SOURCE_DIR).parent_path() / "shared" / "captures";
}

void add_frames(const fs::path& path, std::vector<KeptFrame>& frames) {
  auto file = io::CaptureFile::open(path.string());
  if (!file) return;
  std::size_t number = 0;
  for (auto event = file.value().next(); event.ok() && event.value(); event = file.value().next()) {
    const auto* const frame = std::get_if<Frame>(&*event.value());
    if (frame == nullptr) continue;
    frames.push_back({.link = frame->link,
                      .bytes = {frame->bytes.begin(), frame->bytes.end()},
                      .original_length = frame->original_length,
                      .origin = path.filename().string() + " " + std::to_string(++number)});
  }
}

std::vector<KeptFrame> frames_of(std::initializer_list<const char*> folders) {
  std::vector<fs::path> paths;
  for (const char* const folder : folders) {
    if (!fs::is_directory(captures() / folder)) continue;
    for (const auto& entry : fs::directory_iterator(captures() / folder)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<KeptFrame> frames;
  for (const fs::path& path : paths) add_frames(path, frames);
  return frames;
}

std::string ports_and_numbers(const TcpSegment& segment) {
  return std::to_string(segment.source_port.number) + " " + std::to_string(segment.destination_port.number) + " " +
         std::to_string(segment.sequence) + " " + std::to_string(segment.payload_length);
}

std::string ports_and_numbers(const SharkFrame& frame) {
  return frame.source_port + " " + frame.destination_port + " " + frame.sequence + " " + frame.payload_length;
}

bool contains(const std::string& protocols, std::string_view name) {
  return (":" + protocols + ":").find(":" + std::string(name) + ":") != std::string::npos;
}

TEST(Captures, AreDecodedAsTsharkDecodesThem) {
  const std::vector<KeptFrame> frames = frames_of({"robust", "smtp", "other"});
  if (frames.empty()) GTEST_SKIP() << "no captures in " << captures();
  const std::vector<SharkFrame> rows = read_frames_with_tshark(frames, false);
  ASSERT_EQ(rows.size(), frames.size());
  std::map<std::string, int> only_tshark, only_we, differ;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    Decoder decoder;
    const Decoded decoded = decode(frames[i].link, frames[i].bytes);
    const auto* const packet = std::get_if<Packet>(&decoded);
    const auto* const segment = packet == nullptr ? nullptr : std::get_if<TcpSegment>(&packet->payload);
    const SharkFrame& row = rows[i];
    const bool theirs = row.has_tcp() && !contains(row.protocols, "icmp") && !contains(row.protocols, "icmpv6");
    const std::string what = std::to_string(int(frames[i].link)) + " " + row.protocols + " " +
                             (packet ? "packet" : std::string(to_string(std::get<Undecodable>(decoded))));
    if (theirs && !segment && only_tshark[what]++ < 2)
      printf("ONLY TSHARK %s: %s\n", frames[i].origin.c_str(), what.c_str());
    if (!theirs && segment && only_we[what]++ < 2) printf("ONLY WE %s: %s\n", frames[i].origin.c_str(), what.c_str());
    if (theirs && segment) {
      const std::string a =
          to_string(packet->ip.source) + " " + to_string(packet->ip.destination) + " " + ports_and_numbers(*segment);
      const std::string b = row.source + " " + row.destination + " " + ports_and_numbers(row);
      if (a != b && differ[what]++ < 2)
        printf("DIFFER %s: %s\n  we %s\n  ts %s\n", frames[i].origin.c_str(), what.c_str(), a.c_str(), b.c_str());
    }
  }
  printf("%zu frames\n", frames.size());
  for (auto& [k, n] : only_tshark) printf("only tshark %d %s\n", n, k.c_str());
  for (auto& [k, n] : only_we) printf("only we %d %s\n", n, k.c_str());
  for (auto& [k, n] : differ) printf("differ %d %s\n", n, k.c_str());
}

}  // namespace
}  // namespace smtpath::wire
