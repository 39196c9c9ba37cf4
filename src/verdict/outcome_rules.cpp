#include "verdict/outcome_rules.h"

#include <array>

#include "verdict/dialogue_rules.h"
#include "verdict/ending_rules.h"
#include "verdict/greeting_rules.h"
#include "verdict/opening_rules.h"
#include "verdict/tls_rules.h"

namespace smtpath::verdict {

namespace {

constexpr std::array kRules{
    OutcomeRule{"message-accepted", Outcome::Delivered, message_accepted},
    OutcomeRule{"message-refused", Outcome::MessageRefused, message_refused},
    OutcomeRule{"credentials-refused", Outcome::AuthFailed, credentials_refused},
    OutcomeRule{"ended-in-order", Outcome::Completed, ended_in_order},
    OutcomeRule{"both-hellos-then-opaque", Outcome::Encrypted, both_hellos_then_opaque},
    OutcomeRule{"starttls-masked", Outcome::StarttlsStripped, starttls_masked},
    OutcomeRule{"starttls-refused", Outcome::StarttlsRefused, starttls_refused},
    OutcomeRule{"tls-stalled", Outcome::TlsStalled, tls_stalled},
    OutcomeRule{"tls-not-spoken", Outcome::TlsFailed, tls_not_spoken},
    OutcomeRule{"tls-ended-by-alert", Outcome::TlsFailed, tls_ended_by_alert},
    OutcomeRule{"tls-closed-in-handshake", Outcome::TlsFailed, tls_closed_in_handshake},
    OutcomeRule{"greeting-refused", Outcome::GreetingRefused, greeting_refused},
    OutcomeRule{"greeting-temporary", Outcome::GreetingTemporary, greeting_temporary},
    OutcomeRule{"first-bytes-no-reply", Outcome::ProtocolError, first_bytes_no_reply},
    OutcomeRule{"closed-before-greeting", Outcome::Closed, closed_before_greeting},
    OutcomeRule{"greeting-awaited-in-vain", Outcome::NoGreeting, greeting_awaited_in_vain},
    OutcomeRule{"half-opened", Outcome::Reset, half_opened},
    OutcomeRule{"was-reset", Outcome::Reset, was_reset},
    OutcomeRule{"stalled", Outcome::Stalled, stalled},
    OutcomeRule{"opening-refused", Outcome::Refused, opening_refused},
    OutcomeRule{"opening-rejected", Outcome::Rejected, opening_rejected},
    OutcomeRule{"opening-unanswered", Outcome::Dropped, opening_unanswered},
    OutcomeRule{"unfinished", Outcome::Unfinished, unfinished},
    OutcomeRule{"partial", Outcome::Partial, partial},
};

}  // namespace

std::span<const OutcomeRule> outcome_rules() {
  return kRules;
}

}  // namespace smtpath::verdict
