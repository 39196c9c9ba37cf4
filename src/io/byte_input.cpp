#include "io/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace smtpath::io {

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

ByteInput::ByteInput(FileDescriptor file) : file_(std::move(file)) {
  struct stat status {};
  if (::fstat(file_.number(), &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
}

ByteInput::ByteInput(std::vector<std::byte> whole) : memory_(std::move(whole)), size_(memory_.size()) {}

std::size_t ByteInput::read(std::span<std::byte> into) {
  if (!file_.is_open()) {
    const auto rest = std::span(memory_).subspan(static_cast<std::size_t>(bytes_read_));
    const auto taken = rest.first(std::min(rest.size(), into.size()));
    std::copy(taken.begin(), taken.end(), into.begin());
    bytes_read_ += taken.size();
    return taken.size();
  }
  while (!at_end_) {
    if (was_interrupted()) {
      at_end_ = true;
      error_ = EINTR;
      return 0;
    }
    const ssize_t count = ::read(file_.number(), into.data(), into.size());
    if (count > 0) {
      bytes_read_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    // The end of a file that still grows is where it was first met.
    at_end_ = count == 0 || errno != EINTR;
    if (count < 0 && errno != EINTR) error_ = errno;
  }
  return 0;
}

bool ByteInput::was_interrupted() const {
  if (!interrupt_ || size_) return false;
  std::array<pollfd, 2> waited{
      {{.fd = file_.number(), .events = POLLIN, .revents = 0}, {.fd = *interrupt_, .events = POLLIN, .revents = 0}}};
  while (::poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
  }
  return waited[1].revents != 0;
}

}  // namespace smtpath::io
