#pragma once

// Reads numbers off a span of bytes and cannot leave it: a read past the end yields zero and marks the reader failed
// for good, so that a decoder reads a whole header first and asks `ok()` once.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace smtpath {

class ByteReader {
 public:
  explicit constexpr ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  constexpr bool ok() const { return !failed_; }
  constexpr std::size_t remaining() const { return bytes_.size(); }
  constexpr std::span<const std::byte> rest() const { return bytes_; }

  /// Big-endian, as network headers are.
  constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(number<1>()); }
  constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(number<2>()); }
  constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(number<4>()); }

  constexpr void skip(std::size_t count) { take(count); }

  /// The next `count` bytes, or an empty span and a failed reader.
  constexpr std::span<const std::byte> take(std::size_t count) {
    if (failed_ || count > bytes_.size()) {
      failed_ = true;
      bytes_ = {};
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

  /// The next N bytes as an array; zeros and a failed reader past the end.
  template <std::size_t N>
  constexpr std::array<std::byte, N> array() {
    std::array<std::byte, N> result{};
    const auto taken = take(N);
    if (!taken.empty()) std::copy_n(taken.begin(), N, result.begin());
    return result;
  }

 private:
  // Unrolled, so that compilers see one load and not N.
  template <std::size_t N>
  constexpr std::uint64_t number() {
    const auto taken = take(N);
    if (taken.empty()) return 0;
    return [taken]<std::size_t... I>(std::index_sequence<I...>) {
      return (... | (std::to_integer<std::uint64_t>(taken[I]) << (8 * (N - 1 - I))));
    }
    (std::make_index_sequence<N>());
  }

  std::span<const std::byte> bytes_;
  bool failed_ = false;
};

}  // namespace smtpath
