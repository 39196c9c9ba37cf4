#pragma once

// Bytes in the order in which a file, a pipe or memory gives them. How many come at a time is the giver's choice.

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

class ByteInput {
 public:
  explicit ByteInput(FileDescriptor file);
  explicit ByteInput(std::vector<std::byte> whole);

  /// From here on a wait for a pipe or terminal ends, with the error EINTR, once this descriptor is readable.
  void interrupt_by(int descriptor) { interrupt_ = descriptor; }

  /// How many bytes now begin `into`, which is not empty; 0 where the input ends, by an error() or without.
  std::size_t read(std::span<std::byte> into);

  std::uint64_t bytes_read() const { return bytes_read_; }
  /// Of a regular file when it was opened, and of memory.
  std::optional<std::uint64_t> size() const { return size_; }
  /// The errno that ended the input before its time.
  std::optional<int> error() const { return error_; }

 private:
  FileDescriptor file_;
  std::vector<std::byte> memory_;
  std::uint64_t bytes_read_ = 0;
  std::optional<std::uint64_t> size_;
  std::optional<int> error_;
  bool at_end_ = false;
  /// None of a regular file: it is read without waiting.
  std::optional<int> interrupt_;

  bool was_interrupted() const;
};

}  // namespace smtpath::io
