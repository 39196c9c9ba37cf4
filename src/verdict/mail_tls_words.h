#pragma once

// What our own TLS handshake and our try at AUTH came to, in sentences.

#include <optional>
#include <string>

#include "verdict/mail_case.h"

namespace smtpath::verdict {

/// What is wrong with the certificate; absent: nothing, or TLSA records that DNSSEC vouches for say that it is right.
std::optional<std::string> certificate_flaw(const MailFacts& facts);

/// "Its certificate expires in 5 days." Absent: not soon, or there is none.
std::optional<std::string> expiry_words(const MailFacts& facts);

/// Of a handshake in which nothing more came. A retry that succeeds tells why.
std::string stalled_handshake_words(const MailCase& visit);
/// Of any other that failed.
std::string failed_handshake_words(const MailCase& visit);

/// The handshake succeeded with that where it had not without.
bool has_helped(const MailFacts& facts, Retry retry);

/// Of credentials that were not accepted.
std::string auth_words(const smtp::AuthAttempt& auth);

}  // namespace smtpath::verdict
