#include "smtp/proxy_header.h"

namespace smtpath::smtp {
namespace {

constexpr std::array<std::byte, ProxyHeader::kSignature> kSignatureBytes{
    std::byte{0x0D}, std::byte{0x0A}, std::byte{0x0D}, std::byte{0x0A}, std::byte{0x00}, std::byte{0x0D},
    std::byte{0x0A}, std::byte{0x51}, std::byte{0x55}, std::byte{0x49}, std::byte{0x54}, std::byte{0x0A}};
constexpr std::size_t kFixed = 16;
constexpr std::uint32_t kByte = 8;

}  // namespace

std::size_t ProxyHeader::read(std::span<const std::byte> bytes) {
  std::size_t read = 0;
  while (read < bytes.size() && state_ == State::Reading) {
    const std::byte byte = bytes[read];
    if (begun_ < kSignature && byte != kSignatureBytes.at(begun_)) {
      state_ = State::None;
      break;
    }
    take(byte);
    ++read;
  }
  return read;
}

void ProxyHeader::take(std::byte byte) {
  if (begun_ == kFixed) {
    --left_;
  } else {
    if (begun_ >= kFixed - 2) left_ = left_ << kByte | std::to_integer<std::uint32_t>(byte);
    ++begun_;
  }
  if (begun_ == kFixed && left_ == 0) state_ = State::Header;
}

std::span<const std::byte> ProxyHeader::taken_back() const {
  if (state_ != State::None) return {};
  return std::span(kSignatureBytes).first(begun_);
}

}  // namespace smtpath::smtp
