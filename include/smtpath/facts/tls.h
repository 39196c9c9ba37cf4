#pragma once

// What our own TLS handshake with a server showed: plain values that the edge finds out. Texts are bytes from the
// network, bounded in length; whoever shows them escapes them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/time.h"

namespace smtpath::facts {

/// Texts of certificates are cut to this many bytes, chains to kMostCertificates, names of one to kMostNames.
inline constexpr std::size_t kLongestCertificateText = 256;
inline constexpr std::size_t kMostCertificates = 16;
inline constexpr std::size_t kMostNames = 32;
inline constexpr std::size_t kLongestForeignLine = 64;

struct Certificate {
  /// RFC 2253 text.
  std::string subject;
  std::string issuer;
  /// The DNS names that it is for (subjectAltName; RFC 6125), as it has them.
  std::vector<std::string> names;
  Time not_before;
  Time not_after;
  /// Of its DER form.
  std::uint32_t bytes = 0;
};

/// Why the chain does not lead to a root of this host's store (RFC 5280). Checked apart from the name.
enum class Trust : std::uint8_t { Trusted, SelfSigned, UnknownIssuer, Expired, NotYetValid, BadChain };
/// "trusted", "self-signed", "unknown-issuer", "expired", "not-yet-valid", "bad-chain".
std::string_view to_string(Trust trust);

/// Whether the certificate fits the server's TLSA records (RFC 6698, 7672).
enum class Dane : std::uint8_t {
  /// There are none that mail can use (RFC 7672 section 3.1: usages 2 and 3), or DNSSEC does not vouch for them.
  NotUsed,
  Matches,
  Differs,
};
/// "not-used", "matches", "differs".
std::string_view to_string(Dane dane);

enum class AlertFrom : std::uint8_t { Us, Server };

struct TlsAlertNote {
  AlertFrom from = AlertFrom::Server;
  /// RFC 8446 section 6.
  std::uint8_t description = 0;
};

/// One turn of the handshake: all that one side sent until the other one spoke.
struct TlsFlight {
  bool is_ours = true;
  std::uint32_t bytes = 0;
  /// Since our first bytes went out: its first bytes, and its last ones so far.
  Duration at{};
  Duration until{};
};
inline constexpr std::size_t kMostFlights = 16;

enum class TlsEnd : std::uint8_t {
  Established,
  /// Either side sent a fatal alert; also the server's after its side of the handshake, before it said anything else:
  /// in TLS 1.3 a client hears of its refusal only then.
  Alerted,
  /// The server's bytes are not TLS.
  NotTls,
  Closed,
  Reset,
  /// Nothing came; `flights` tell after what.
  TimedOut,
  /// Anything else that the library found wrong: `error` says what.
  Broken,
};
/// "established", "alerted", "not-tls", "closed", "reset", "timed-out", "broken".
std::string_view to_string(TlsEnd end);

struct TlsResult {
  TlsEnd end = TlsEnd::Broken;
  /// "TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519"; empty where it did not come that far. Of a group without a name
  /// "DH-2048"; none: RSA without forward secrecy.
  std::string version;
  std::string cipher;
  std::string group;
  /// As sent, the server's own first. `chain_length` counts those that were left out too.
  std::vector<Certificate> chain;
  std::uint32_t chain_length = 0;
  /// Means nothing where no chain came.
  Trust trust = Trust::BadChain;
  /// The library's words for what is wrong with the chain; empty: nothing.
  std::string trust_error;
  /// The certificate is for a name that was asked for (RFC 6125): which of them; empty: for none.
  std::string matched_name;
  Dane dane = Dane::NotUsed;
  std::optional<TlsAlertNote> alert;
  std::vector<TlsFlight> flights;
  /// In bytes as first sent, with the record's header.
  std::uint32_t client_hello_bytes = 0;
  /// The server's bytes, in all.
  std::uint64_t received_bytes = 0;
  /// The library's words for a handshake that failed; of what is not TLS, its first line (kLongestForeignLine bytes).
  std::string error;
  /// The server asked for another handshake once this one stood (TLS 1.2 and older); it was declined.
  bool has_renegotiated = false;
};

}  // namespace smtpath::facts
