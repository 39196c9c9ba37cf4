#pragma once

// A stream of bytes with a look ahead. Memory follows the bytes that really came, not those that a length field claims.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

/// "standard input" for "-", else the path itself.
std::string name_of_input(const std::string& path);

/// "-" is standard input. Errors: what open(2) says; a directory.
Result<FileDescriptor> open_input(const std::string& path);

class ByteSource {
 public:
  explicit ByteSource(FileDescriptor file);
  explicit ByteSource(std::vector<std::byte> whole);

  /// The next `count` bytes, fewer only where the stream ends. Good until the next peek().
  std::span<const std::byte> peek(std::size_t count);

  /// Past `count` bytes that peek() has shown.
  void skip(std::size_t count);

  /// Bytes skipped so far.
  std::uint64_t offset() const { return offset_; }

  /// The errno that ended the stream before its time.
  std::optional<int> error() const { return error_; }

 private:
  void make_room(std::size_t wanted);
  void read_more();

  FileDescriptor file_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool at_end_ = false;
  std::optional<int> error_;
};

}  // namespace smtpath::io
