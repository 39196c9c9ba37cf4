#include "unit/wire/tshark_frames.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace smtpath::test {

namespace {

// A pcapng file with one interface for each link type, removed again at the end.
class MixedCapture {
 public:
  explicit MixedCapture(const std::vector<KeptFrame>& frames)
      : path_(std::filesystem::temp_directory_path() / ("unit_wire_mixed." + std::to_string(getpid()) + ".pcapng")),
        file_(path_, std::ios::binary) {
    for (const std::uint32_t word : {0x0a0d0d0aU, 28U, 0x1a2b3c4dU, 1U, 0xffffffffU, 0xffffffffU, 28U}) put(word);
    for (const KeptFrame& frame : frames) put_packet(interface_of(frame.link), frame);
    file_.close();
  }
  MixedCapture(const MixedCapture&) = delete;
  MixedCapture& operator=(const MixedCapture&) = delete;
  ~MixedCapture() { std::filesystem::remove(path_); }

  std::string path() const { return path_.string(); }

 private:
  std::uint32_t interface_of(LinkType link) {
    const auto [known, is_new] = interfaces_.try_emplace(link, static_cast<std::uint32_t>(interfaces_.size()));
    if (is_new) {
      for (const std::uint32_t word : {1U, 20U, std::uint32_t{static_cast<std::uint16_t>(link)}, 0U, 20U}) put(word);
    }
    return known->second;
  }

  void put_packet(std::uint32_t interface, const KeptFrame& frame) {
    const auto captured = static_cast<std::uint32_t>(frame.bytes.size());
    const std::uint32_t padding = (4 - captured % 4) % 4;
    const std::uint32_t length = 32 + captured + padding;
    for (const std::uint32_t word : {6U, length, interface, 0U, 0U, captured, frame.original_length}) put(word);
    for (const std::byte byte : frame.bytes) file_.put(static_cast<char>(byte));
    for (std::uint32_t i = 0; i < padding; ++i) file_.put(0);
    put(length);
  }

  void put(std::uint32_t word) {
    for (int shift = 0; shift < 32; shift += 8) file_.put(static_cast<char>(word >> shift & 0xff));
  }

  std::filesystem::path path_;
  std::ofstream file_;
  std::map<LinkType, std::uint32_t> interfaces_;
};

// The last of the values of a field that occurs several times.
std::string innermost(const std::string& values) {
  const auto comma = values.rfind(',');
  return comma == std::string::npos ? values : values.substr(comma + 1);
}

bool is_ipv6_innermost(const std::string& protocols) {
  std::istringstream names(protocols);
  bool is_ipv6 = false;
  for (std::string name; std::getline(names, name, ':');) {
    if (name == "ip" || name == "ipv6") is_ipv6 = name == "ipv6";
  }
  return is_ipv6;
}

SharkFrame frame_in(const std::string& line) {
  std::istringstream columns(line);
  const auto next = [&columns] {
    std::string column;
    std::getline(columns, column, '\t');
    return column;
  };
  SharkFrame frame;
  frame.protocols = next();
  const std::string source4 = next(), destination4 = next(), source6 = next(), destination6 = next();
  const bool is_ipv6 = is_ipv6_innermost(frame.protocols);
  frame.source = innermost(is_ipv6 ? source6 : source4);
  frame.destination = innermost(is_ipv6 ? destination6 : destination4);
  for (std::string* field : {&frame.source_port, &frame.destination_port, &frame.sequence, &frame.flags,
                             &frame.payload_length, &frame.overlap_conflict}) {
    *field = innermost(next());
  }
  return frame;
}

}  // namespace

std::vector<SharkFrame> read_frames_with_tshark(const std::vector<KeptFrame>& frames, bool puts_fragments_together) {
  const MixedCapture capture(frames);
  std::string command = "tshark -n -r " + capture.path() +
                        " -o tcp.relative_sequence_numbers:FALSE -o tcp.desegment_tcp_streams:FALSE"
                        " -o tcp.analyze_sequence_numbers:FALSE -T fields -E separator=/t -E occurrence=a";
  for (const char* const reassembly : {"ip.defragment", "ipv6.defragment"}) {
    command += std::string(" -o ") + reassembly + (puts_fragments_together ? ":TRUE" : ":FALSE");
  }
  for (const char* const field :
       {"frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw",
        "tcp.flags", "tcp.len", "ip.fragment.overlap.conflict"}) {
    command += std::string(" -e ") + field;
  }
  std::FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  std::vector<SharkFrame> rows;
  std::string line;
  for (int letter = std::fgetc(pipe); letter != EOF; letter = std::fgetc(pipe)) {
    if (letter != '\n') {
      line += static_cast<char>(letter);
      continue;
    }
    rows.push_back(frame_in(line));
    line.clear();
  }
  pclose(pipe);
  return rows;
}

}  // namespace smtpath::test
