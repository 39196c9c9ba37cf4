#include "verdict/greeting_rules.h"

#include <fmt/format.h>

#include "verdict/session_words.h"
#include "verdict/stall.h"

namespace smtpath::verdict {

namespace {

using session::Side;

/// Who leaves sooner has only asked whether the port is open.
constexpr Duration kShortestVisit = std::chrono::seconds(1);

std::optional<Ruling> greeting_of_class(const SessionCase& evidence, int hundreds, std::string_view what) {
  const auto& greeting = evidence.dialogue.greeting;
  if (!greeting || greeting->code / 100 != hundreds) return std::nullopt;
  return Ruling{.text = fmt::format("The server greeted with {}: {}.", reply_words(*greeting), what),
                .stage = Stage::Greeting};
}

constexpr Port kImplicitTls{465};

std::string no_greeting_words(const SessionCase& evidence) {
  return evidence.session.server.port == kImplicitTls
             ? "The server accepted the connection and neither side said a word, where the client has to begin with TLS"
             : "The server accepted the connection and sent no greeting";
}

/// All that came from the server is known, and it is nothing.
bool is_ungreeted(const SessionCase& evidence) {
  return evidence.is_open && !evidence.begins_late && !evidence.is_one_sided && !evidence.has_server_spoken &&
         !evidence.dialogue.greeting && !evidence.is_tls_begun && !evidence.session.is_half_open;
}

}  // namespace

std::optional<Ruling> greeting_refused(const SessionCase& evidence) {
  return greeting_of_class(evidence, 5, "it takes no mail from this client");
}

std::optional<Ruling> greeting_temporary(const SessionCase& evidence) {
  return greeting_of_class(evidence, 4, "it takes no mail for now");
}

std::optional<Ruling> first_bytes_no_reply(const SessionCase& evidence) {
  const auto& greeting = evidence.dialogue.greeting;
  if (greeting && greeting->code / 100 == 3) {
    return Ruling{
        .text = fmt::format("The server greeted with {}, which no server of mail may.", reply_words(*greeting)),
        .stage = Stage::Greeting};
  }
  if (!evidence.dialogue.is_no_smtp) return std::nullopt;
  return Ruling{.text = "The first bytes of the server are no reply of SMTP: something else answers on this port.",
                .stage = Stage::Greeting};
}

std::optional<Ruling> closed_before_greeting(const SessionCase& evidence) {
  if (!is_ungreeted(evidence) || evidence.session.first_fin != Side::Server) return std::nullopt;
  return Ruling{.text = fmt::format("The server accepted the connection and closed it {} later without a greeting.",
                                    time_words(evidence.waited)),
                .stage = Stage::Greeting};
}

std::optional<Ruling> greeting_awaited_in_vain(const SessionCase& evidence) {
  if (!is_ungreeted(evidence)) return std::nullopt;
  const bool has_client_reset = evidence.reset && evidence.reset->by == ResetBy::Client;
  const bool has_client_closed = evidence.session.first_fin == Side::Client && !evidence.reset;
  const std::string time = time_words(evidence.waited);
  if (has_client_closed && evidence.waited < kShortestVisit) {
    return Ruling{.text = fmt::format("The client closed after {} without waiting for a greeting: a port check.", time),
                  .stage = Stage::Greeting,
                  .has_failed = false,
                  .is_probe = true};
  }
  if (has_client_closed || (has_client_reset && evidence.waited >= kShortestVisit)) {
    return Ruling{.text = fmt::format("{}; the client gave up after {}.", no_greeting_words(evidence), time),
                  .stage = Stage::Greeting};
  }
  if (evidence.reset || !evidence.is_waiting_long()) return std::nullopt;
  return Ruling{.text = fmt::format("{}, in the {} that it could be watched.", no_greeting_words(evidence), time),
                .stage = Stage::Greeting};
}

}  // namespace smtpath::verdict
