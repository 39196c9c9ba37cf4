#pragma once

// Visits to mail servers as their facts have them, made without any server.

#include "smtpath/verdict/mail.h"

namespace smtpath::test {

/// When they end.
inline constexpr Time kVisitTime{std::chrono::hours(24 * 365 * 56)};

/// To port 587 of mx.example.com, which does all that is asked, up to the farewell.
verdict::MailFacts healthy_visit();

/// To the same, as far as that stage, and never inside TLS.
verdict::MailFacts visit_in_the_clear(smtp::VisitStage stage, smtp::VisitEnd end);

/// To the same, whose TLS handshake ends so after 30 s.
verdict::MailFacts visit_with_tls_ended(facts::TlsEnd end);

}  // namespace smtpath::test
