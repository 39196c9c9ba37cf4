#include "smtpath/verdict/outcome.h"

namespace smtpath::verdict {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::Delivered:
      return "delivered";
    case Outcome::MessageRefused:
      return "message-refused";
    case Outcome::AuthFailed:
      return "auth-failed";
    case Outcome::CertificateInvalid:
      return "certificate-invalid";
    case Outcome::Ok:
      return "ok";
    case Outcome::Completed:
      return "completed";
    case Outcome::Encrypted:
      return "encrypted";
    case Outcome::StarttlsStripped:
      return "starttls-stripped";
    case Outcome::StarttlsNotOffered:
      return "starttls-not-offered";
    case Outcome::StarttlsRefused:
      return "starttls-refused";
    case Outcome::TlsStalled:
      return "tls-stalled";
    case Outcome::TlsFailed:
      return "tls-failed";
    case Outcome::GreetingRefused:
      return "greeting-refused";
    case Outcome::GreetingTemporary:
      return "greeting-temporary";
    case Outcome::ProtocolError:
      return "protocol-error";
    case Outcome::Closed:
      return "closed";
    case Outcome::NoGreeting:
      return "no-greeting";
    case Outcome::Reset:
      return "reset";
    case Outcome::Stalled:
      return "stalled";
    case Outcome::Refused:
      return "refused";
    case Outcome::Rejected:
      return "rejected";
    case Outcome::Dropped:
      return "dropped";
    case Outcome::Unfinished:
      return "unfinished";
    case Outcome::Partial:
      return "partial";
  }
  return {};
}

bool is_failure(Outcome outcome) {
  switch (outcome) {
    case Outcome::Delivered:
    case Outcome::Ok:
    case Outcome::Completed:
    case Outcome::Encrypted:
    case Outcome::Unfinished:
    case Outcome::Partial:
      return false;
    case Outcome::MessageRefused:
    case Outcome::AuthFailed:
    case Outcome::CertificateInvalid:
    case Outcome::StarttlsStripped:
    case Outcome::StarttlsNotOffered:
    case Outcome::StarttlsRefused:
    case Outcome::TlsStalled:
    case Outcome::TlsFailed:
    case Outcome::GreetingRefused:
    case Outcome::GreetingTemporary:
    case Outcome::ProtocolError:
    case Outcome::Closed:
    case Outcome::NoGreeting:
    case Outcome::Reset:
    case Outcome::Stalled:
    case Outcome::Refused:
    case Outcome::Rejected:
    case Outcome::Dropped:
      return true;
  }
  return false;
}

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::Syn:
      return "syn";
    case Stage::Greeting:
      return "greeting";
    case Stage::Ehlo:
      return "ehlo";
    case Stage::StartTls:
      return "starttls";
    case Stage::Tls:
      return "tls";
    case Stage::Auth:
      return "auth";
    case Stage::Mail:
      return "mail";
    case Stage::Rcpt:
      return "rcpt";
    case Stage::Data:
      return "data";
    case Stage::Quit:
      return "quit";
  }
  return {};
}

std::string_view to_string(ResetBy who) {
  switch (who) {
    case ResetBy::Client:
      return "client";
    case ResetBy::Server:
      return "server";
    case ResetBy::Path:
      return "path";
  }
  return {};
}

std::string_view to_string(ClosedBy who) {
  switch (who) {
    case ClosedBy::Client:
      return "client";
    case ClosedBy::Server:
      return "server";
    case ClosedBy::Both:
      return "both";
  }
  return {};
}

}  // namespace smtpath::verdict
