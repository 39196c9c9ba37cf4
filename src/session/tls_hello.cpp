#include "session/tls_hello.h"

#include <algorithm>
#include <array>

#include "smtpath/base/byte_reader.h"

namespace smtpath::session {
namespace {

constexpr std::size_t kRandom = 32;
constexpr std::uint16_t kServerNameExtension = 0;
constexpr std::uint16_t kSupportedVersionsExtension = 43;
constexpr std::uint8_t kHostName = 0;
constexpr std::size_t kLongestName = 255;

/// SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
constexpr std::array<std::uint8_t, kRandom> kRetryRandom{
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

bool is_retry(std::span<const std::byte> random) {
  return std::equal(random.begin(), random.end(), kRetryRandom.begin(), kRetryRandom.end(),
                    [](std::byte ours, std::uint8_t theirs) { return std::to_integer<std::uint8_t>(ours) == theirs; });
}

struct Extension {
  std::uint16_t type = 0;
  std::span<const std::byte> body;
};

std::optional<Extension> next_extension(ByteReader& reader) {
  Extension extension;
  extension.type = reader.u16();
  extension.body = reader.take(reader.u16());
  if (!reader.ok()) return {};
  return extension;
}

char lower(std::byte byte) {
  const char letter = static_cast<char>(std::to_integer<unsigned char>(byte));
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// RFC 6066 section 3.
std::string host_name(std::span<const std::byte> extension) {
  ByteReader list(extension);
  list.skip(2);
  while (list.ok() && list.remaining() > 0) {
    const std::uint8_t type = list.u8();
    const auto name = list.take(list.u16());
    if (type != kHostName) continue;
    std::string result(std::min(name.size(), kLongestName), '\0');
    std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(result.size()), result.begin(), lower);
    return result;
  }
  return {};
}

/// RFC 8446 section 4.2.1.
std::optional<TlsVersion> highest_of(std::span<const std::byte> extension) {
  ByteReader reader(extension);
  ByteReader list(reader.take(reader.u8()));
  std::optional<TlsVersion> highest;
  while (list.remaining() >= 2) highest = std::max(highest, tls_version(list.u16()));
  return highest;
}

}  // namespace

std::optional<TlsVersion> tls_version(std::uint16_t number) {
  constexpr std::uint16_t kDraft = 0x7F00;
  constexpr std::uint16_t kMajor = 0xFF00;
  switch (number) {
    case 0x0002:
      return TlsVersion::Ssl2;
    case 0x0300:
      return TlsVersion::Ssl3;
    case 0x0301:
      return TlsVersion::Tls10;
    case 0x0302:
      return TlsVersion::Tls11;
    case 0x0303:
      return TlsVersion::Tls12;
    case 0x0304:
      return TlsVersion::Tls13;
    default:
      break;
  }
  if ((number & kMajor) == kDraft) return TlsVersion::Tls13;
  return {};
}

std::optional<ClientHello> parse_client_hello(std::span<const std::byte> body) {
  ByteReader reader(body);
  ClientHello hello{.highest = tls_version(reader.u16()), .server_name = {}};
  reader.skip(kRandom);
  if (!reader.ok() || !hello.highest) return {};
  reader.skip(reader.u8());
  reader.skip(reader.u16());
  reader.skip(reader.u8());
  reader.skip(2);
  while (const auto extension = next_extension(reader)) {
    if (extension->type == kServerNameExtension) hello.server_name = host_name(extension->body);
    if (extension->type != kSupportedVersionsExtension) continue;
    if (const auto highest = highest_of(extension->body)) hello.highest = highest;
  }
  return hello;
}

std::optional<ServerHello> parse_server_hello(std::span<const std::byte> body) {
  ByteReader reader(body);
  ServerHello hello{.version = tls_version(reader.u16())};
  hello.is_retry_request = is_retry(reader.take(kRandom));
  reader.skip(reader.u8());
  hello.cipher = reader.u16();
  if (!reader.ok() || !hello.version) return {};
  reader.skip(1);
  reader.skip(2);
  while (const auto extension = next_extension(reader)) {
    if (extension->type != kSupportedVersionsExtension) continue;
    ByteReader selected(extension->body);
    if (const auto version = tls_version(selected.u16()); version && selected.ok()) hello.version = version;
  }
  return hello;
}

std::optional<OldHello> parse_old_hello(std::span<const std::byte> bytes) {
  constexpr std::uint16_t kTwoByteHeader = 0x8000;
  constexpr std::uint8_t kClientHello = 1;
  constexpr std::uint8_t kServerHello = 4;
  ByteReader reader(bytes);
  const std::uint16_t header = reader.u16();
  const std::uint8_t type = reader.u8();
  if (!reader.ok() || (header & kTwoByteHeader) == 0) return {};
  OldHello hello{.length = static_cast<std::uint16_t>(header & ~kTwoByteHeader)};
  if (type == kServerHello) return hello;
  const auto version = tls_version(reader.u16());
  if (type != kClientHello || !reader.ok() || !version) return {};
  hello.is_client = true;
  hello.version = *version;
  return hello;
}

}  // namespace smtpath::session
