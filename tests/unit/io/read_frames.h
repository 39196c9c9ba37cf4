#pragma once

// All frames of a capture as values, by the reader under test and by libpcap.

#include <string>
#include <vector>

#include "smtpath/io/capture_file.h"
#include "unit/io/file_bytes.h"

namespace smtpath::test {

struct FileFrame {
  Time time;
  LinkType link = LinkType::Ethernet;
  std::string content;
  std::uint32_t original_length = 0;
  std::optional<int> refused;

  friend bool operator==(const FileFrame&, const FileFrame&) = default;
};

/// Up to the end or the first error, which is added to `error`.
std::vector<FileFrame> frames_of(io::CaptureFile& file, std::string* error = nullptr);

inline io::CaptureFile file_of(const FileBytes& bytes) {
  return io::CaptureFile::of_bytes("test.pcapng", bytes.all());
}

/// What libpcap reads, as far as it gets; `is_whole`: it met the file's end, no error.
std::vector<FileFrame> frames_by_libpcap(const Bytes& bytes, bool* is_whole = nullptr);

void PrintTo(const FileFrame& frame, std::ostream* stream);

}  // namespace smtpath::test
