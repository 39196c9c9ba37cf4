#include "smtpath/io/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace smtpath::io {

namespace {

constexpr std::size_t kMaxWidth = 10'000;

int descriptor_of(Stream stream) {
  return stream == Stream::StandardOutput ? STDOUT_FILENO : STDERR_FILENO;
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

bool is_terminal(Stream stream) {
  return ::isatty(descriptor_of(stream)) == 1;
}

std::optional<std::size_t> terminal_width(Stream stream) {
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  const bool is_whole_number = error == std::errc() && end == columns.data() + columns.size();
  if (is_whole_number && width > 0 && width <= kMaxWidth) return width;

  winsize size{};
  if (::ioctl(descriptor_of(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool is_color_unwanted() {
  return !environment("NO_COLOR").empty();
}

}  // namespace smtpath::io
