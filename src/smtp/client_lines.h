#pragma once

// What our client says at each step: the line for the server, and the same without its secrets for the transcript.

#include <cstdint>
#include <string>

#include "smtp/client_steps.h"
#include "smtpath/base/secret.h"
#include "smtpath/smtp/client.h"
#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

struct ClientLine {
  /// With CR LF; empty: nothing is said there.
  Secret line;
  /// The same for whoever must not know the credentials.
  std::string shown;
};
/// Precondition for the steps of AUTH that tell something: there are credentials.
ClientLine line_at(Step step, const ClientOptions& options);

/// The way to do AUTH with these credentials among those that the server's reply to EHLO offers (RFC 4954 section 3).
AuthWay auth_way(const Lines& extensions, const Credentials& credentials);

/// "PLAIN", "LOGIN".
std::string mechanism_at(Step step);

}  // namespace smtpath::smtp
