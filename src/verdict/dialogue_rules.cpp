#include "verdict/dialogue_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using smtp::Commands;
using smtp::Reply;
using smtp::Verb;

constexpr std::uint16_t kFirstPermanent = 500;

std::uint64_t refusals_of(const Commands& commands) {
  return std::uint64_t{commands.refused} + commands.refused_for_now;
}

/// "MAIL was refused with 550 no (3 times)".
std::string refusal_words(std::string_view what, const std::optional<Reply>& reply, std::uint64_t times) {
  std::string words = fmt::format("The server refused {}", what);
  if (reply) {
    words += fmt::format("{} with {}", reply->code < kFirstPermanent ? " for now" : "", reply_words(*reply));
  }
  if (times > 1) words += fmt::format(" ({} times)", times);
  return words;
}

struct Refusable {
  Verb verb;
  Stage stage;
};
constexpr std::array kEnvelope{Refusable{Verb::Mail, Stage::Mail}, Refusable{Verb::Rcpt, Stage::Rcpt}};
constexpr std::array kContent{Refusable{Verb::Data, Stage::Data}, Refusable{Verb::Bdat, Stage::Data}};

template <class List>
std::optional<Ruling> refused_among(const SessionCase& evidence, const List& list) {
  for (const Refusable& each : list) {
    const Commands& commands = evidence.asked(each.verb);
    const std::uint64_t refusals = refusals_of(commands);
    if (refusals == 0) continue;
    std::string text = refusal_words(smtp::to_string(each.verb), commands.first_refusal, refusals);
    return Ruling{.text = text + "; no message was accepted.", .stage = each.stage};
  }
  return std::nullopt;
}

/// What was said of the whole greeting counts for more than a polite good-bye.
bool is_greeted(const SessionCase& evidence) {
  const auto& greeting = evidence.dialogue.greeting;
  return !greeting || greeting->code / 100 == 2;
}

bool is_masked(const SessionCase& evidence) {
  return evidence.dialogue.is_starttls_masked ||
         (evidence.dialogue.is_verb_masked && !evidence.dialogue.is_starttls_offered);
}

/// The client pipelined its QUIT, and the capture ends before the answers.
bool is_cut_before_answers(const SessionCase& evidence) {
  const smtp::Transcript& said = evidence.dialogue;
  const bool is_over =
      evidence.session.first_fin || evidence.reset || evidence.session.ending == session::Ending::Closed;
  const bool is_owed = said.messages_unanswered > 0 || said.waits_for_reply_to.value_or(Verb::Quit) != Verb::Quit;
  return is_owed && !is_over;
}

/// Whether all that the client wanted was granted, before it ended.
std::optional<std::string> trouble_before_end(const SessionCase& evidence) {
  const smtp::Transcript& said = evidence.dialogue;
  if (said.messages_unanswered > 0 && !evidence.is_incomplete) return "the message got no answer";
  if (said.is_in_data) return "it ended in the middle of a message";
  const bool is_hello_refused = evidence.asked(Verb::Ehlo).accepted + evidence.asked(Verb::Helo).accepted == 0;
  const auto& refusal = evidence.asked(Verb::Ehlo).first_refusal ? evidence.asked(Verb::Ehlo).first_refusal
                                                                 : evidence.asked(Verb::Helo).first_refusal;
  if (is_hello_refused && refusal) return fmt::format("the server refused the hello with {}", reply_words(*refusal));
  if (said.last_unsolicited && said.last_unsolicited->code >= 400) {
    return fmt::format("the server gave up with {}", reply_words(*said.last_unsolicited));
  }
  const auto waits = said.waits_for_reply_to;
  if (waits && *waits != Verb::Quit && !evidence.is_incomplete)
    return fmt::format("{} got no answer", verb_words(*waits));
  return std::nullopt;
}

std::string how_it_ended(const SessionCase& evidence) {
  if (evidence.has_asked(Verb::Quit)) {
    return evidence.asked(Verb::Quit).last_reply ? "The client said QUIT and the server answered"
                                                 : "The client said QUIT";
  }
  return fmt::format("The {} closed the connection in order after {}", name_of(*evidence.session.first_fin),
                     evidence.dialogue.last_asked ? verb_words(*evidence.dialogue.last_asked) : "the greeting");
}

}  // namespace

std::optional<Ruling> message_accepted(const SessionCase& evidence) {
  const smtp::Transcript& said = evidence.dialogue;
  if (said.messages_accepted == 0) return std::nullopt;
  std::string text = fmt::format("The server accepted {}", number_of(said.messages_accepted, "message"));
  if (said.last_message_reply && said.last_message_reply->code / 100 == 2) {
    text += fmt::format(" ({})", reply_words(*said.last_message_reply));
  }
  const std::uint64_t refused = std::uint64_t{said.messages_refused} + said.messages_refused_for_now;
  if (refused > 0) text += fmt::format(" and refused {}", refused);
  const std::uint64_t recipients = refusals_of(evidence.asked(Verb::Rcpt));
  if (recipients > 0) text += fmt::format("; it refused {}", number_of(recipients, "recipient"));
  if (evidence.reset) {
    text += fmt::format("; the reset after it, {}, does not undo that",
                        evidence.reset->is_forged() ? "forged on the way" : "at the end");
  }
  return Ruling{.text = text + "."};
}

std::optional<Ruling> message_refused(const SessionCase& evidence) {
  const smtp::Transcript& said = evidence.dialogue;
  const std::uint64_t refused = std::uint64_t{said.messages_refused} + said.messages_refused_for_now;
  if (refused > 0) {
    return Ruling{
        .text = refusal_words(refused == 1 ? "the message" : "every message", said.last_message_reply, refused) + ".",
        .stage = Stage::Data};
  }
  if (auto ruling = refused_among(evidence, kContent)) return ruling;
  const bool is_past_envelope =
      evidence.asked(Verb::Data).accepted > 0 || said.is_in_data || said.messages_unanswered > 0;
  return is_past_envelope ? std::nullopt : refused_among(evidence, kEnvelope);
}

std::optional<Ruling> credentials_refused(const SessionCase& evidence) {
  const Commands& auth = evidence.asked(Verb::Auth);
  const bool is_forgiven = auth.accepted > 0 || evidence.asked(Verb::Mail).accepted > 0 || evidence.is_tls_begun;
  if (refusals_of(auth) == 0 || is_forgiven) return std::nullopt;
  std::string what = "AUTH";
  const auto& mechanisms = evidence.dialogue.auth_mechanisms;
  if (!mechanisms.empty()) what += ' ' + quoted(mechanisms.back());
  const auto& reply = auth.first_refusal ? auth.first_refusal : auth.last_reply;
  return Ruling{.text = refusal_words(what, reply, refusals_of(auth)) + "; nothing after it succeeded.",
                .stage = Stage::Auth};
}

std::optional<Ruling> ended_in_order(const SessionCase& evidence) {
  const bool has_quit = evidence.has_asked(Verb::Quit);
  const bool is_talking = evidence.has_hello() || evidence.dialogue.greeting;
  if (!has_quit && !(is_talking && evidence.is_closed_in_order())) return std::nullopt;
  if (is_cut_before_answers(evidence)) return std::nullopt;
  if (!is_greeted(evidence) || evidence.dialogue.is_no_smtp || evidence.is_tls_begun) return std::nullopt;
  if (refusals_of(evidence.asked(Verb::StartTls)) > 0 || is_masked(evidence)) return std::nullopt;
  if (!has_quit && evidence.is_anything_owed() && evidence.is_waiting_long()) return std::nullopt;
  const auto trouble = trouble_before_end(evidence);
  const std::string text = how_it_ended(evidence);
  if (trouble) return Ruling{.text = fmt::format("{}, but {}.", text, *trouble), .has_failed = true};
  return Ruling{.text = text + "; no message was sent."};
}

std::optional<Ruling> starttls_masked(const SessionCase& evidence) {
  if (!is_masked(evidence) || evidence.is_tls_begun) return std::nullopt;
  const char* what = evidence.dialogue.is_starttls_masked ? "The line that would offer STARTTLS is masked with X's"
                                                          : "The client's command is masked with X's";
  return Ruling{.text = fmt::format("{}: a middlebox between client and server, such as a firewall that inspects SMTP, "
                                    "changes the dialogue so that it stays in the clear.",
                                    what),
                .stage = evidence.has_asked(Verb::StartTls) ? Stage::StartTls : Stage::Ehlo};
}

std::optional<Ruling> starttls_refused(const SessionCase& evidence) {
  const Commands& starttls = evidence.asked(Verb::StartTls);
  if (starttls.accepted > 0 || refusals_of(starttls) == 0) return std::nullopt;
  const std::string offer =
      evidence.dialogue.is_starttls_offered ? ", which it had offered" : ", which it had not offered";
  const auto& reply = starttls.first_refusal ? starttls.first_refusal : starttls.last_reply;
  return Ruling{.text = refusal_words("STARTTLS" + offer + ',', reply, 1) + ".", .stage = Stage::StartTls};
}

}  // namespace smtpath::verdict
