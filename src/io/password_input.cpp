#include "smtpath/io/password_input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "io/byte_input.h"
#include "io/hidden_typing.h"
#include "io/system_error.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

namespace {

/// A line with its end, on its way into a Secret.
class Line {
 public:
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { wipe(bytes_); }

  bool is_full() const { return size_ == bytes_.size(); }
  void add(char byte) { bytes_.at(size_++) = byte; }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  /// Room for CR, and for the byte that is too many.
  std::array<char, kLongestPassword + 2> bytes_{};
  std::size_t size_ = 0;
};

/// The errno that ended it, if one did. Byte by byte: what follows the line belongs to others.
std::optional<int> read_line(int descriptor, Line& line) {
  while (!line.is_full()) {
    char byte = '\0';
    const ssize_t count = ::read(descriptor, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0 || byte == '\n') break;
    line.add(byte);
  }
  return std::nullopt;
}

Result<Secret> password_in(std::string_view line, const std::string& name) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return Error{name + ": no password in it"};
  if (line.size() > kLongestPassword) {
    return Error{name + ": longer than a password may be (" + std::to_string(kLongestPassword) + " bytes)"};
  }
  // RFC 4616 section 2.
  if (line.find('\0') != std::string_view::npos) return Error{name + ": a NUL, which no password holds"};
  return Secret(line);
}

Result<Secret> read_from(int descriptor, const std::string& name) {
  Line line;
  if (const auto error = read_line(descriptor, line)) return system_error("read the password from " + name, *error);
  return password_in(line.text(), name);
}

Result<Secret> read_typed(int terminal, std::string_view prompt, const std::string& name) {
  const auto hidden = HiddenTyping::begin(terminal);
  if (!hidden) return Error{name + ": " + hidden.error().message};
  // Who cannot see the prompt can still answer it.
  [[maybe_unused]] const ssize_t written = ::write(terminal, prompt.data(), prompt.size());
  if (!hidden.value().wait()) return Error{name + ": interrupted"};
  return read_from(terminal, name);
}

Result<Secret> read_descriptor(int descriptor, const std::string& name) {
  return ::isatty(descriptor) == 1 ? read_typed(descriptor, {}, name) : read_from(descriptor, name);
}

}  // namespace

Result<Secret> read_password(int descriptor) {
  return read_descriptor(descriptor, "descriptor " + std::to_string(descriptor));
}

Result<Secret> read_password_file(const std::string& path) {
  const auto file = open_input(path);
  if (!file) return file.error();
  return read_descriptor(file.value().number(), name_of_input(path));
}

Result<Secret> ask_password(std::string_view prompt) {
  constexpr const char* kTerminal = "/dev/tty";
  const FileDescriptor terminal(::open(kTerminal, O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.is_open()) return system_error("ask for the password on the terminal", errno);
  return read_typed(terminal.number(), prompt, "the terminal");
}

}  // namespace smtpath::io
