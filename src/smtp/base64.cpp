#include "smtp/base64.h"

#include <array>
#include <cstdint>

namespace smtpath::smtp {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kGroup = 3;
constexpr std::size_t kLetters = 4;
constexpr unsigned kBitsOfByte = 8;
constexpr unsigned kBitsOfLetter = 6;
constexpr std::uint32_t kLetterMask = 0x3f;

/// Up to three bytes as four letters, padded.
std::array<char, kLetters> encoded(std::string_view group) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kGroup; ++i) {
    bits <<= kBitsOfByte;
    if (i < group.size()) bits |= static_cast<std::uint8_t>(group[i]);
  }
  std::array<char, kLetters> letters{};
  for (std::size_t i = kLetters; i-- > 0; bits >>= kBitsOfLetter)
    letters.at(i) = i <= group.size() ? kAlphabet[bits & kLetterMask] : '=';
  return letters;
}

}  // namespace

Secret base64(std::string_view text) {
  Secret result;
  for (std::size_t at = 0; at < text.size(); at += kGroup) {
    auto letters = encoded(text.substr(at, kGroup));
    result.append({letters.data(), letters.size()});
    wipe(letters);
  }
  return result;
}

}  // namespace smtpath::smtp
