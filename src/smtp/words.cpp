#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

const char* to_string(Verb verb) {
  switch (verb) {
    case Verb::Helo:
      return "HELO";
    case Verb::Ehlo:
      return "EHLO";
    case Verb::Mail:
      return "MAIL";
    case Verb::Rcpt:
      return "RCPT";
    case Verb::Data:
      return "DATA";
    case Verb::Bdat:
      return "BDAT";
    case Verb::Rset:
      return "RSET";
    case Verb::Noop:
      return "NOOP";
    case Verb::Quit:
      return "QUIT";
    case Verb::Vrfy:
      return "VRFY";
    case Verb::Expn:
      return "EXPN";
    case Verb::Help:
      return "HELP";
    case Verb::Etrn:
      return "ETRN";
    case Verb::StartTls:
      return "STARTTLS";
    case Verb::Auth:
      return "AUTH";
    case Verb::Other:
      return "other";
  }
  return "";
}

}  // namespace smtpath::smtp
