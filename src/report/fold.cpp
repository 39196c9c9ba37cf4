#include "report/fold.h"

#include <algorithm>

#include "report/utf8.h"

namespace smtpath::report {

namespace {

/// Too narrow to break anything sensibly.
constexpr std::size_t kMinLine = 16;

/// The longest prefix of `text` that fills at most `columns`, in bytes.
std::size_t length_of_columns(std::string_view text, std::size_t columns) {
  std::size_t length = 0;
  for (; columns > 0 && length < text.size(); --columns) length += first_code_point(text.substr(length)).length;
  return length;
}

/// How many bytes of `text` go into a line of `columns`.
std::size_t break_of(std::string_view text, std::size_t columns) {
  const std::size_t most = length_of_columns(text, columns);
  if (most == text.size() || text[most] == ' ') return most;
  const std::size_t first_word = text.find_first_not_of(' ');
  const std::size_t space = text.rfind(' ', most);
  return space == std::string_view::npos || space < first_word ? most : space;
}

}  // namespace

std::string folded(std::string_view text, const Folding& folding) {
  if (folding.width <= 0) return std::string(text) + '\n';
  const auto width = static_cast<std::size_t>(folding.width);
  const auto indent = static_cast<std::size_t>(folding.indent);

  std::string lines;
  std::size_t columns = std::max(width, kMinLine);
  do {
    const std::size_t end = break_of(text, columns);
    if (!lines.empty()) lines.append(indent, ' ');
    lines += text.substr(0, end);
    lines += '\n';
    text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
    columns = std::max(width > indent ? width - indent : 0, kMinLine);
  } while (!text.empty());
  return lines;
}

}  // namespace smtpath::report
