#include "session/tls_handshake_reader.h"

#include <algorithm>

#include "session/tls_reader.h"
#include "smtpath/base/byte_reader.h"

namespace smtpath::session {

std::size_t TlsHandshakeReader::read(std::span<const std::byte> bytes) {
  std::size_t read = 0;
  while (header_length_ < kHeader && read < bytes.size()) header_.at(header_length_++) = bytes[read++];
  if (header_length_ < kHeader) return read;
  if (length_ == 0 && left_ == 0) {
    ByteReader reader(header_);
    constexpr std::uint32_t kLengthBits = 0xFFFFFF;
    length_ = reader.u32() & kLengthBits;
    left_ = length_;
  }
  const std::size_t count = std::min<std::size_t>(left_, bytes.size() - read);
  if (is_wanted()) {
    const std::size_t kept = std::min(count, kLongestMessage - kept_.size());
    const auto part = bytes.subspan(read, kept);
    kept_.insert(kept_.end(), part.begin(), part.end());
  }
  left_ -= static_cast<std::uint32_t>(count);
  read += count;
  if (left_ > 0) return read;
  if (is_wanted()) {
    is_complete_ = true;
  } else {
    reset();
  }
  return read;
}

void TlsHandshakeReader::take() {
  reset();
}

void TlsHandshakeReader::reset() {
  *this = {};
}

bool TlsHandshakeReader::is_wanted() const {
  switch (type()) {
    case TlsMessageType::ClientHello:
    case TlsMessageType::ServerHello:
    case TlsMessageType::Certificate:
      return true;
  }
  return false;
}

}  // namespace smtpath::session
