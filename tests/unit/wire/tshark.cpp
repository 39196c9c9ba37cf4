#include "unit/wire/tshark.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace smtpath::test {

namespace {

// A pcap file of raw IP packets, removed again at the end.
class CaptureFile {
 public:
  explicit CaptureFile(const std::vector<Bytes>& packets)
      : path_(std::filesystem::temp_directory_path() / ("unit_wire." + std::to_string(getpid()) + ".pcap")) {
    std::ofstream file(path_, std::ios::binary);
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, 101U}) put(file, word);
    for (const Bytes& packet : packets) {
      const auto length = static_cast<std::uint32_t>(packet.size());
      for (const std::uint32_t word : {0U, 0U, length, length}) put(file, word);
      for (const std::byte byte : packet) file.put(static_cast<char>(byte));
    }
  }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  ~CaptureFile() { std::filesystem::remove(path_); }

  std::string path() const { return path_.string(); }

 private:
  static void put(std::ofstream& file, std::uint32_t word) {
    for (int shift = 0; shift < 32; shift += 8) file.put(static_cast<char>(word >> shift & 0xff));
  }

  std::filesystem::path path_;
};

// "0x0017,1" as "23,1".
std::string in_decimal(const std::string& value) {
  std::istringstream parts(value);
  std::string part;
  std::string result;
  while (std::getline(parts, part, ',')) {
    if (!result.empty()) result += ',';
    result += std::to_string(std::strtoul(part.c_str(), nullptr, 0));
  }
  return result;
}

Facts facts_in(const std::string& line, std::span<const char* const> fields) {
  Facts facts;
  std::istringstream columns(line);
  std::string column;
  for (const char* const field : fields) {
    if (!std::getline(columns, column, '\t')) break;
    if (!column.empty()) facts[field] = in_decimal(column);
  }
  return facts;
}

}  // namespace

std::vector<Facts> read_with_tshark(const std::vector<Bytes>& packets, std::span<const char* const> fields) {
  const CaptureFile capture(packets);
  std::string command = "tshark -n -r " + capture.path() +
                        " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o tcp.relative_sequence_numbers:FALSE "
                        "-T fields -E separator=/t -E occurrence=a";
  for (const char* const field : fields) command += std::string(" -e ") + field;
  std::FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  std::vector<Facts> rows;
  std::string line;
  for (int letter = std::fgetc(pipe); letter != EOF; letter = std::fgetc(pipe)) {
    if (letter != '\n') {
      line += static_cast<char>(letter);
      continue;
    }
    rows.push_back(facts_in(line, fields));
    line.clear();
  }
  pclose(pipe);
  return rows;
}

}  // namespace smtpath::test
