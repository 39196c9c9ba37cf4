#include "smtpath/io/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;

/// 0, or the errno that stopped it.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd until_writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&until_writable, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

OutputFile::OutputFile(FileDescriptor file, std::string name, Origin origin)
    : file_(std::move(file)), name_(std::move(name)), origin_(origin) {}

Result<OutputFile> OutputFile::open(const std::string& path) {
  if (path == "-") {
    const std::string name = "standard output";
    FileDescriptor copy(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!copy.is_open()) return system_error("open " + name, errno);
    if ((::fcntl(copy.number(), F_GETFL) & O_ACCMODE) == O_RDONLY) return system_error("open " + name, EBADF);
    return OutputFile(std::move(copy), name, Origin::StandardOutput);
  }
  constexpr int kFlags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
  FileDescriptor created(::open(path.c_str(), kFlags | O_EXCL, 0666));
  if (created.is_open()) return OutputFile(std::move(created), path, Origin::Created);
  FileDescriptor file(::open(path.c_str(), kFlags | O_TRUNC, 0666));
  if (!file.is_open()) return system_error("open " + path, errno);
  return OutputFile(std::move(file), path, Origin::Found);
}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(name_, other.name_);
  std::swap(origin_, other.origin_);
  std::swap(buffer_, other.buffer_);
  std::swap(error_, other.error_);
  return *this;
}

OutputFile::~OutputFile() {
  flush();
}

void OutputFile::write(std::string_view text) {
  if (has_failed()) return;
  buffer_.append(text);
  if (buffer_.size() >= kBufferBytes) flush();
}

void OutputFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void OutputFile::flush() {
  if (!file_.is_open() || has_failed()) return;
  if (const int error = write_all(file_.number(), buffer_); error != 0) error_ = system_error("write " + name_, error);
  buffer_.clear();
}

Result<Done> OutputFile::finish() {
  flush();
  // Some file systems tell of a full disk only now.
  if (file_.is_open() && ::close(file_.release()) != 0 && !error_) error_ = system_error("write " + name_, errno);
  if (error_) return *error_;
  return Done{};
}

void OutputFile::abandon() {
  buffer_.clear();
  struct stat status {};
  // A shell may have appended standard output to a file that holds more than ours.
  if (origin_ != Origin::StandardOutput && ::fstat(file_.number(), &status) == 0 && S_ISREG(status.st_mode)) {
    if (::ftruncate(file_.number(), 0) != 0) error_ = system_error("truncate " + name_, errno);
  }
  if (origin_ == Origin::Created) ::unlink(name_.c_str());
  file_ = FileDescriptor();
}

}  // namespace smtpath::io
