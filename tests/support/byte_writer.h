#pragma once

// Appends numbers and bytes to a growing byte string, in either byte order.

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "support/packets.h"

namespace smtpath::test {

inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

class ByteWriter {
 public:
  explicit ByteWriter(std::endian order = std::endian::big) : order_(order) {}

  /// As many bytes as the number's type has.
  template <std::unsigned_integral Number>
  ByteWriter& put(Number number) {
    std::array<std::byte, sizeof number> little{};
    for (std::byte& byte : little) {
      byte = static_cast<std::byte>(number & 0xff);
      number = static_cast<Number>(sizeof number > 1 ? number >> 8 : 0);
    }
    if (order_ == std::endian::big) std::reverse(little.begin(), little.end());
    return put(little);
  }

  ByteWriter& put(std::span<const std::byte> more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }

  ByteWriter& put(std::string_view text) { return put(std::as_bytes(std::span(text))); }

  /// Zeros up to a multiple of `unit` bytes.
  ByteWriter& pad(std::size_t unit) {
    bytes_.resize((bytes_.size() + unit - 1) / unit * unit);
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  Bytes take() { return std::move(bytes_); }

 private:
  std::endian order_;
  Bytes bytes_;
};

}  // namespace smtpath::test
