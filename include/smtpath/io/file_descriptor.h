#pragma once

// Owns one open file descriptor and closes it. It can be moved, never copied.

#include <utility>

namespace smtpath::io {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  /// Takes over `number`; a negative one owns nothing.
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  /// Gives it up without closing it.
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// Opens /dev/null on those of the descriptors 0 to 2 that are closed, so that no file opened later takes their number;
/// the wrong way round, so that using them still fails. Call it first thing.
void reserve_standard_descriptors();

}  // namespace smtpath::io
