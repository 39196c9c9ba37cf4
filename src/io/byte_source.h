#pragma once

// A stream of bytes with a look ahead, out of what may be compressed. Memory follows the bytes that really came, not
// those that a length field claims.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "io/byte_input.h"
#include "io/decompressor.h"

namespace smtpath::io {

/// Whether compressed input is what it was before that, or the bytes as they are.
enum class Decompress : std::uint8_t { No, Yes };

class ByteSource {
 public:
  /// Large enough that read(2) costs little beside the bytes, small enough to stay in the processor's cache.
  static constexpr std::size_t kBlock = std::size_t{256} << 10;

  /// Reads up to `block` bytes at a time, and holds that many unless more are asked for at once.
  ByteSource(ByteInput input, Decompress decompress, std::size_t block = kBlock);

  /// The next `count` bytes, fewer only where the stream ends. Good until the next peek() or discard().
  std::span<const std::byte> peek(std::size_t count) {
    if (end_ - begin_ < count) look_ahead(count);
    return std::span(buffer_).subspan(begin_, std::min(count, end_ - begin_));
  }

  /// Past `count` bytes that peek() has shown.
  void skip(std::size_t count) {
    assert(count <= end_ - begin_);
    begin_ += count;
    offset_ += count;
  }

  /// Past the next `count` bytes, or to the end of the stream: gives how many there were.
  std::uint64_t discard(std::uint64_t count);

  /// Bytes skipped so far, of what came out where the input is compressed.
  std::uint64_t offset() const { return offset_; }

  void interrupt_by(int descriptor) { input_.interrupt_by(descriptor); }
  const ByteInput& input() const { return input_; }
  /// Known once peek() has shown something.
  Compression compression() const { return decompressor_ ? decompressor_->compression() : Compression::None; }
  /// Where and why decompression ended before its time.
  std::optional<CompressionFault> fault() const { return decompressor_ ? decompressor_->fault() : std::nullopt; }

 private:
  void look_ahead(std::size_t count);
  void make_room();
  void read_more();
  void recognise_compression();

  ByteInput input_;
  /// Before the first bytes are seen.
  bool may_be_compressed_;
  std::optional<Decompressor> decompressor_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool at_end_ = false;
};

}  // namespace smtpath::io
