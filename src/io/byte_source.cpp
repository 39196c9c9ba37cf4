#include "io/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kFirstBuffer = std::size_t{64} << 10;

}  // namespace

std::string name_of_input(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Result<FileDescriptor> open_input(const std::string& path) {
  FileDescriptor file(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                  : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) {
    return system_error("open " + name_of_input(path), errno);
  }
  if (S_ISDIR(status.st_mode)) return system_error("open " + name_of_input(path), EISDIR);
  return file;
}

ByteSource::ByteSource(FileDescriptor file) : file_(std::move(file)), buffer_(kFirstBuffer) {}

ByteSource::ByteSource(std::vector<std::byte> whole) : buffer_(std::move(whole)), end_(buffer_.size()), at_end_(true) {}

std::span<const std::byte> ByteSource::peek(std::size_t count) {
  while (end_ - begin_ < count && !at_end_) {
    make_room(count);
    read_more();
  }
  return std::span(buffer_).subspan(begin_, std::min(count, end_ - begin_));
}

void ByteSource::skip(std::size_t count) {
  assert(count <= end_ - begin_);
  begin_ += count;
  offset_ += count;
}

void ByteSource::make_room(std::size_t wanted) {
  if (begin_ + wanted > buffer_.size()) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  // Full of bytes that came: twice as much may come.
  if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
}

void ByteSource::read_more() {
  const ssize_t count = ::read(file_.number(), buffer_.data() + end_, buffer_.size() - end_);
  if (count > 0) {
    end_ += static_cast<std::size_t>(count);
  } else if (count == 0) {
    at_end_ = true;
  } else if (errno != EINTR) {
    at_end_ = true;
    error_ = errno;
  }
}

}  // namespace smtpath::io
