#pragma once

// What the records of a TLS connection show without keys: hellos, versions, the name asked for, alerts in the clear,
// and the certificate where TLS 1.2 and older send it so (RFC 8446, 5246, 6066). Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/time.h"

namespace smtpath::session {

enum class Side : std::uint8_t { Client, Server };

enum class TlsVersion : std::uint8_t { Ssl2, Ssl3, Tls10, Tls11, Tls12, Tls13 };
/// "TLSv1.3", "SSLv3".
const char* to_string(TlsVersion version);

struct TlsAlert {
  Side from = Side::Client;
  /// Absent when it is encrypted.
  std::optional<std::uint8_t> level{};
  std::optional<std::uint8_t> description{};
};
/// RFC 8446 section 6: "unknown_ca", "protocol_version", …; nullptr when it has no name.
const char* alert_name(std::uint8_t description);

struct TlsCertificate {
  /// RFC 2253 text, bounded; bytes from the network.
  std::string subject;
  std::string issuer;
  Time not_before;
  Time not_after;
};

struct Tls {
  bool client_hello = false;
  bool server_hello = false;
  /// A ClientHello in the form of SSL 2.
  bool is_old_hello = false;
  /// The highest that the client offers.
  std::optional<TlsVersion> offered;
  /// As chosen by the server.
  std::optional<TlsVersion> version;
  std::optional<std::uint16_t> cipher;
  /// The server asked for another hello first (RFC 8446 section 4.1.4).
  bool is_hello_retried = false;
  /// RFC 6066; lower case as sent; empty: none.
  std::string sni;
  /// In bytes of the handshake message.
  std::uint32_t client_hello_length = 0;
  bool certificate_seen = false;
  /// Of the server itself, where it could be read.
  std::optional<TlsCertificate> certificate;
  /// At most 8.
  std::vector<TlsAlert> alerts;
  bool client_changed_cipher = false;
  bool server_changed_cipher = false;
  /// Bytes in application data records.
  std::uint64_t client_application_bytes = 0;
  std::uint64_t server_application_bytes = 0;
  /// A side's bytes stop being records: the server speaks plain text where the client speaks TLS, or the reverse.
  bool is_client_no_tls = false;
  bool is_server_no_tls = false;
};

}  // namespace smtpath::session
