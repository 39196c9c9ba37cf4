#include "golden/sample_list.h"

#include <fstream>
#include <stdexcept>

namespace smtpath::test {

namespace {

std::string trimmed(std::string text) {
  const std::size_t begin = text.find_first_not_of(" `");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" `") - begin + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    parts.push_back(trimmed(text.substr(begin, end == std::string::npos ? end : end - begin)));
  }
  return parts;
}

}  // namespace

std::vector<ListedCapture> listed_captures() {
  constexpr std::size_t kColumns = 6;  // one before the first bar and one behind the last
  constexpr std::string_view kTraced = "traced: ";
  std::ifstream page(std::string(SMTPATH_CAPTURES) + "/README.md");
  std::vector<ListedCapture> captures;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    const std::vector<std::string> columns = split(line, '|');
    if (columns.size() != kColumns) throw std::runtime_error("captures/README.md: " + line);
    ListedCapture capture{.file = columns[1], .is_made = columns[4] == "made"};
    capture.is_trace = columns[3].rfind(kTraced, 0) == 0;
    capture.due = split(columns[3].substr(capture.is_trace ? kTraced.size() : 0), ',');
    captures.push_back(std::move(capture));
  }
  if (captures.empty()) throw std::runtime_error("captures/README.md lists no capture");
  return captures;
}

}  // namespace smtpath::test
