#include "smtpath/path/flow_mark.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <vector>

namespace smtpath::path {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

void append(std::vector<unsigned char>& message, Port port) {
  message.push_back(static_cast<unsigned char>(port.number >> 8U));
  message.push_back(static_cast<unsigned char>(port.number & 0xffU));
}

Digest keyed_digest(const HashKey& key, const IpAddress& target, Port source_port, Port destination_port) {
  std::vector<unsigned char> message;
  for (const std::byte byte : target.bytes()) message.push_back(std::to_integer<unsigned char>(byte));
  append(message, source_port);
  append(message, destination_port);
  Digest digest{};
  unsigned int length = 0;
  [[maybe_unused]] const unsigned char* result = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                                      message.data(), message.size(), digest.data(), &length);
  assert(result != nullptr);
  return digest;
}

std::uint32_t number_at(const Digest& digest, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest.at(at + i);
  return number;
}

}  // namespace

FlowMark mark_of(const HashKey& key, const IpAddress& target, Port source_port, Port destination_port) {
  const Digest digest = keyed_digest(key, target, source_port, destination_port);
  return {.sequence = number_at(digest, 0), .timestamp_base = number_at(digest, 4)};
}

std::uint16_t echo_identifier(const HashKey& key, const IpAddress& target) {
  const Digest digest = keyed_digest(key, target, Port{}, Port{});
  return static_cast<std::uint16_t>(std::max(1U, number_at(digest, 8) & 0xffffU));
}

}  // namespace smtpath::path
