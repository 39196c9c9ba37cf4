#include "smtpath/io/spool.h"

#include <cerrno>
#include <cstdlib>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr const char* kOperation = "temporary file";

/// As getline(3) wants it.
struct Line {
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { std::free(text); }

  char* text = nullptr;
  std::size_t capacity = 0;
};

}  // namespace

Result<Spool> Spool::open() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return system_error(std::string("open ") + kOperation, errno);
  return Spool(file);
}

void Spool::append(std::string_view line) {
  if (error_ != 0) return;
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) error_ = errno;
}

Result<Done> Spool::read_back(const std::function<void(std::string_view)>& take) {
  if (error_ == 0 && std::fflush(file_.get()) != 0) error_ = errno;
  if (error_ != 0) return system_error(std::string("write ") + kOperation, error_);
  std::rewind(file_.get());
  Line line;
  while (true) {
    errno = 0;
    const ssize_t length = ::getline(&line.text, &line.capacity, file_.get());
    if (length < 0) break;
    take(std::string_view(line.text, static_cast<std::size_t>(length)));
  }
  if (std::ferror(file_.get()) != 0) return system_error(std::string("read ") + kOperation, errno);
  return Done{};
}

}  // namespace smtpath::io
