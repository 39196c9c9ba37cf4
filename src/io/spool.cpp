#include "smtpath/io/spool.h"

#include <array>
#include <cerrno>
#include <string>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr const char* kOperation = "temporary file";
constexpr std::size_t kPiece = std::size_t{64} << 10;

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
  std::array<char, kPiece> piece{};
  std::string line;
  while (std::fgets(piece.data(), static_cast<int>(piece.size()), file_.get()) != nullptr) {
    line += piece.data();
    if (!line.ends_with('\n')) continue;
    take(line);
    line.clear();
  }
  if (std::ferror(file_.get()) != 0) return system_error(std::string("read ") + kOperation, errno);
  return Done{};
}

}  // namespace smtpath::io
