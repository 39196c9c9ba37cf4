#include <algorithm>
#include <array>

#include "smtpath/session/tls.h"

namespace smtpath::session {
namespace {

struct AlertName {
  std::uint8_t description;
  const char* name;
};

/// RFC 8446 section 6, RFC 5246 section 7.2, RFC 6101 section 5.4 (41), RFC 7507 (86).
constexpr std::array<AlertName, 34> kAlertNames{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
}};

}  // namespace

const char* to_string(TlsVersion version) {
  switch (version) {
    case TlsVersion::Ssl2:
      return "SSLv2";
    case TlsVersion::Ssl3:
      return "SSLv3";
    case TlsVersion::Tls10:
      return "TLSv1.0";
    case TlsVersion::Tls11:
      return "TLSv1.1";
    case TlsVersion::Tls12:
      return "TLSv1.2";
    case TlsVersion::Tls13:
      return "TLSv1.3";
  }
  return "";
}

const char* alert_name(std::uint8_t description) {
  const auto* const found = std::find_if(kAlertNames.begin(), kAlertNames.end(), [description](const AlertName& each) {
    return each.description == description;
  });
  return found == kAlertNames.end() ? nullptr : found->name;
}

}  // namespace smtpath::session
