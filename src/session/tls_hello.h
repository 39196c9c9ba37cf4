#pragma once

// What the hellos of both sides say (RFC 8446 sections 4.1.2 and 4.1.3, RFC 6101 appendix E for the form of SSL 2).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "smtpath/session/tls.h"

namespace smtpath::session {

/// The version that a number on the wire stands for; none for GREASE (RFC 8701) and what nobody uses.
std::optional<TlsVersion> tls_version(std::uint16_t number);

struct ClientHello {
  std::optional<TlsVersion> highest;
  std::string server_name;
};
/// Reads as far as the body goes; nothing when it does not even hold the fixed part.
std::optional<ClientHello> parse_client_hello(std::span<const std::byte> body);

struct ServerHello {
  std::optional<TlsVersion> version;
  std::uint16_t cipher = 0;
  bool is_retry_request = false;
};
std::optional<ServerHello> parse_server_hello(std::span<const std::byte> body);

/// A hello of SSL 2 at the beginning of a stream: its two-byte header, type and version.
struct OldHello {
  static constexpr std::size_t kHeader = 5;
  bool is_client = false;
  TlsVersion version = TlsVersion::Ssl2;
  /// Of the record, without its two-byte header.
  std::uint16_t length = 0;
};
/// Nothing when it is none. Needs kHeader bytes.
std::optional<OldHello> parse_old_hello(std::span<const std::byte> bytes);

}  // namespace smtpath::session
