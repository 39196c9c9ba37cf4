#include "smtp/redaction.h"

#include <algorithm>

#include "smtp/text.h"

namespace smtpath::smtp {
namespace {

constexpr std::size_t kShortestSecret = 4;

bool is_lower(char character) {
  return character >= 'a' && character <= 'z';
}

bool is_upper(char character) {
  return character >= 'A' && character <= 'Z';
}

bool is_base64(char character) {
  return is_lower(character) || is_upper(character) || is_digit(character) || character == '+' || character == '/' ||
         character == '=';
}

/// Plain words have no digits and no capitals behind small letters; base64 of any length has.
bool may_be_secret(std::string_view word) {
  if (word.size() < kShortestSecret) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!is_lower(word[i]) && !is_upper(word[i])) return true;
    if (i > 0 && is_upper(word[i]) && is_lower(word[i - 1])) return true;
  }
  return false;
}

}  // namespace

std::string without_secrets(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto* const end = std::find_if_not(text.begin(), text.end(), is_base64);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    result += may_be_secret(word) ? std::string_view("...") : word;
    text.remove_prefix(word.size());
    if (text.empty()) break;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

}  // namespace smtpath::smtp
