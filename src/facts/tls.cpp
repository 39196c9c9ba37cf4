#include "smtpath/facts/tls.h"

namespace smtpath::facts {

std::string_view to_string(Trust trust) {
  switch (trust) {
    case Trust::Trusted:
      return "trusted";
    case Trust::SelfSigned:
      return "self-signed";
    case Trust::UnknownIssuer:
      return "unknown-issuer";
    case Trust::Expired:
      return "expired";
    case Trust::NotYetValid:
      return "not-yet-valid";
    case Trust::BadChain:
      return "bad-chain";
  }
  return {};
}

std::string_view to_string(Dane dane) {
  switch (dane) {
    case Dane::NotUsed:
      return "not-used";
    case Dane::Matches:
      return "matches";
    case Dane::Differs:
      return "differs";
  }
  return {};
}

std::string_view to_string(TlsEnd end) {
  switch (end) {
    case TlsEnd::Established:
      return "established";
    case TlsEnd::Alerted:
      return "alerted";
    case TlsEnd::NotTls:
      return "not-tls";
    case TlsEnd::Closed:
      return "closed";
    case TlsEnd::Reset:
      return "reset";
    case TlsEnd::TimedOut:
      return "timed-out";
    case TlsEnd::Broken:
      return "broken";
  }
  return {};
}

}  // namespace smtpath::facts
