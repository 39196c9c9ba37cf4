#pragma once

// gzip (RFC 1952) and Zstandard (RFC 8878) while they are read: several members or frames one after another are one
// stream. Memory is that of the largest window that either tool reads unasked, whatever the file claims.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/byte_input.h"

namespace smtpath::io {

enum class Compression : std::uint8_t { None, Gzip, Zstd };

/// How many bytes compression_of() wants.
inline constexpr std::size_t kCompressionMagic = 4;

/// By the first bytes of a file.
Compression compression_of(std::span<const std::byte> first);

/// "gzip"; empty for None.
std::string_view name_of(Compression compression);

/// Why the bytes of a compressed file end before their time.
struct CompressionFault {
  /// Else what was compressed is damaged.
  bool is_cut_short = false;
  /// In the compressed file, in bytes.
  std::uint64_t offset = 0;
  /// "gzip: incorrect data check"; empty when cut short.
  std::string text;
};

class Decompressor {
 public:
  /// `first` are the bytes that were read of the file already; `compression` is not None.
  Decompressor(Compression compression, std::span<const std::byte> first);

  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;
  ~Decompressor();

  Compression compression() const;

  /// How many bytes now begin `into`, which is not empty; 0 at the end, by a fault() or without.
  std::size_t read(ByteInput& input, std::span<std::byte> into);

  const std::optional<CompressionFault>& fault() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
