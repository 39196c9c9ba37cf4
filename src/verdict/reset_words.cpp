#include "verdict/reset_words.h"

#include <fmt/format.h>

#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using session::Reset;

/// "at the word EHLO", or after its reply.
std::string verb_moment_of(smtp::Verb verb, const SessionCase& evidence) {
  const auto& last_reply = evidence.session.streams.server.last_payload;
  const bool has_reply_before = last_reply && *last_reply <= evidence.reset->reset->at;
  if (has_reply_before && evidence.dialogue.waits_for_reply_to != verb) {
    return fmt::format("after the reply to {}", verb_words(verb));
  }
  return fmt::format("at {}{}", verb == smtp::Verb::Other ? "" : "the word ", verb_words(verb));
}

/// "at the word EHLO, 0.9 ms later".
std::string moment_of(const SessionCase& evidence) {
  const Reset& reset = *evidence.reset->reset;
  const auto word = evidence.session.streams.of(session::other(reset.from)).last_payload;
  const std::string after =
      word && *word <= reset.at ? fmt::format(", {} later", time_words(between(*word, reset.at))) : std::string();
  if (evidence.is_tls_begun && !evidence.is_tls_established) {
    if (evidence.tls.server_hello) return "in the TLS handshake";
    return evidence.tls.client_hello ? "at the ClientHello" + after : "before the ClientHello";
  }
  if (evidence.is_tls_established) return "under encryption";
  if (evidence.dialogue.is_in_data) return "in the middle of the message";
  if (reset.last_asked) return verb_moment_of(*reset.last_asked, evidence) + after;
  switch (reset.phase) {
    case session::Phase::Handshake:
      return "in the handshake";
    case session::Phase::BeforeData:
      return "before anything was said";
    case session::Phase::Mid:
    case session::Phase::AfterFin:
      break;
  }
  return evidence.dialogue.greeting ? "after the greeting" : "in the middle of the connection";
}

std::string listed(const std::vector<std::string>& clauses) {
  std::string list;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    if (i > 0) list += i + 1 == clauses.size() ? ", and " : ", ";
    list += clauses[i];
  }
  return list;
}

/// The other end's long wait is why it gave up.
std::string wait_words(const SessionCase& evidence) {
  if (!evidence.is_waiting_long()) return {};
  return fmt::format(" It had waited {}.", time_words(evidence.waited));
}

}  // namespace

std::string reset_sentence(const SessionCase& evidence) {
  const ResetOrigin& origin = *evidence.reset;
  const std::string_view sender = name_of(origin.reset->from);
  if (origin.is_forged()) {
    return fmt::format("The connection was reset in the {}'s name, but not by it, {}: {}.", sender, moment_of(evidence),
                       listed(origin.signs));
  }
  std::string text =
      fmt::format("The {} reset the connection {}.{}", sender, moment_of(evidence), wait_words(evidence));
  if (!origin.signs.empty()) {
    text += fmt::format(
        " Perhaps not itself: {}; a load balancer, a translator or a box that closes idle connections "
        "does that too.",
        listed(origin.signs));
  }
  return text;
}

}  // namespace smtpath::verdict
