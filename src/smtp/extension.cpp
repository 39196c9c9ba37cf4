#include "smtp/extension.h"

#include <algorithm>

#include "smtp/text.h"

namespace smtpath::smtp {
namespace {

constexpr std::size_t kShortestMask = 4;

}  // namespace

Extension extension_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  // "AUTH=LOGIN" is how AUTH was offered before it had an RFC.
  const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
  Extension extension{.keyword = std::string(line.substr(0, end)), .line = {}};
  std::transform(extension.keyword.begin(), extension.keyword.end(), extension.keyword.begin(), upper);
  extension.line = extension.keyword;
  extension.line += line.substr(end);
  return extension;
}

bool is_masked_keyword(std::string_view keyword) {
  if (keyword.size() < kShortestMask) return false;
  const std::string_view but_last = keyword.substr(0, keyword.size() - 1);
  return but_last.find_first_not_of('X') == std::string_view::npos;
}

bool is_masked_text(std::string_view text) {
  const auto asterisks = static_cast<std::size_t>(std::count(text.begin(), text.end(), '*'));
  return asterisks >= kShortestMask && asterisks * 2 > text.size();
}

}  // namespace smtpath::smtp
