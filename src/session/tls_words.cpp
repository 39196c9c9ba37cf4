#include "smtpath/session/tls.h"

namespace smtpath::session {

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

const char* alert_name(std::uint8_t) {
  return nullptr;
}

}  // namespace smtpath::session
