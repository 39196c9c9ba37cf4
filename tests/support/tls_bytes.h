#pragma once

// TLS records as clients and servers send them in the clear, built by hand and the same each time: hellos,
// certificates, alerts, and records of nothing in particular where ciphertext would be. No key has ever existed for
// them.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "support/packets.h"

namespace smtpath::test::tls {

inline constexpr std::uint16_t kVersion12 = 0x0303;
inline constexpr std::uint16_t kVersion13 = 0x0304;

struct ClientHello {
  /// None when empty.
  std::string_view server_name{};
  std::uint16_t highest_version = kVersion13;
  /// Of the record, brought about by padding (RFC 7685); 0: as long as it is.
  std::size_t length = 0;
};
Bytes client_hello(const ClientHello& hello);
Bytes server_hello(std::uint16_t version);

/// Of TLS 1.2: the certificate of mx.example.org, the key exchange, the end of the server's part.
Bytes certificate_and_key_exchange();
/// Of TLS 1.2.
Bytes client_key_exchange();

Bytes change_cipher_spec();
/// Encrypted: all handshake messages of TLS 1.3 behind the hellos, and whatever is said later.
Bytes application_data(std::size_t length);
/// The last handshake message of TLS 1.2, which is encrypted.
Bytes encrypted_finished();

/// RFC 8446 section 6.
inline constexpr std::uint8_t kHandshakeFailure = 40;
inline constexpr std::uint8_t kUnknownCa = 48;
inline constexpr std::uint8_t kProtocolVersion = 70;
Bytes fatal_alert(std::uint8_t description);

}  // namespace smtpath::test::tls
