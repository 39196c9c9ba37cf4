#include "io/byte_source.h"

#include <utility>

namespace smtpath::io {

ByteSource::ByteSource(ByteInput input, Decompress decompress, std::size_t block)
    : input_(std::move(input)), may_be_compressed_(decompress == Decompress::Yes), buffer_(block) {
  assert(block >= kCompressionMagic);
}

void ByteSource::look_ahead(std::size_t count) {
  if (may_be_compressed_) recognise_compression();
  while (end_ - begin_ < count && !at_end_) {
    make_room();
    read_more();
  }
}

std::uint64_t ByteSource::discard(std::uint64_t count) {
  std::uint64_t rest = count;
  while (rest > 0) {
    const auto present = peek(1).empty() ? 0 : std::min<std::uint64_t>(rest, end_ - begin_);
    if (present == 0) break;
    skip(static_cast<std::size_t>(present));
    rest -= present;
  }
  return count - rest;
}

void ByteSource::recognise_compression() {
  may_be_compressed_ = false;
  while (end_ < kCompressionMagic && !at_end_) read_more();
  const auto first = std::span<const std::byte>(buffer_).first(end_);
  const Compression compression = compression_of(first);
  if (compression == Compression::None) return;
  decompressor_.emplace(compression, first);
  end_ = 0;
  at_end_ = false;
}

void ByteSource::make_room() {
  if (begin_ > 0) {
    const auto rest = std::span(buffer_).subspan(begin_, end_ - begin_);
    std::copy(rest.begin(), rest.end(), buffer_.begin());
    end_ = rest.size();
    begin_ = 0;
  }
  // Full of bytes that came: twice as much may come.
  if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
}

void ByteSource::read_more() {
  const auto room = std::span(buffer_).subspan(end_);
  const std::size_t count = decompressor_ ? decompressor_->read(input_, room) : input_.read(room);
  end_ += count;
  at_end_ = count == 0;
}

}  // namespace smtpath::io
