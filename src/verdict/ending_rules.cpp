#include "verdict/ending_rules.h"

#include <fmt/format.h>

#include <utility>

#include "verdict/opening_rules.h"
#include "verdict/reset_words.h"
#include "verdict/session_words.h"
#include "verdict/stall.h"

namespace smtpath::verdict {

namespace {

using session::Ending;

/// A reset in answer to a SYN is a refusal, unless it is forged.
bool is_refusal(const SessionCase& evidence) {
  return evidence.is_unopened() && evidence.session.syn_acks == 0 && evidence.reset->by == ResetBy::Server;
}

std::string why_no_more(Ending ending) {
  switch (ending) {
    case Ending::Closed:
    case Ending::NeverOpened:
      return "it ended without a word that tells how";
    case Ending::CaptureEnded:
      return "the capture ends";
    case Ending::Replaced:
      return "its ports were used anew";
    case Ending::Quiet:
      return "it was quiet too long";
    case Ending::Evicted:
      return "too many were open at once to follow it on";
  }
  return {};
}

std::string seen_words(const SessionCase& evidence) {
  const auto& streams = evidence.session.streams;
  if (evidence.is_one_sided) {
    const bool is_client = streams.client.packets >= streams.server.packets;
    return fmt::format("Only the {}'s packets were captured", is_client ? "client" : "server");
  }
  if (evidence.begins_late) return "The capture begins later than the connection";
  return "What was said could not be read";
}

/// What can still be said.
std::string rest_words(const SessionCase& evidence) {
  const auto& streams = evidence.session.streams;
  std::string words =
      fmt::format("{} of the client ({}) and {} of the server ({}) were seen",
                  number_of(streams.client.packets, "packet"), number_of(streams.client.payload_bytes, "byte"),
                  streams.server.packets, number_of(streams.server.payload_bytes, "byte"));
  if (evidence.dialogue.last_asked) words += fmt::format(", {} last", verb_words(*evidence.dialogue.last_asked));
  if (evidence.is_tls_begun || evidence.tls.server_application_bytes + evidence.tls.client_application_bytes > 0) {
    words += ", under TLS";
  }
  return words;
}

/// Somebody wanted an acknowledgment badly: the rest is missing on the wire, not in the capture alone.
bool has_repeated(const SessionCase& evidence) {
  const auto is_repeated = [](const session::Stream& stream) {
    return stream.outstanding && stream.outstanding->times_sent > 1;
  };
  return is_repeated(evidence.session.streams.client) || is_repeated(evidence.session.streams.server);
}

Ruling unanswered_so_far(const SessionCase& evidence) {
  const session::Session& session = evidence.session;
  std::string text = number_of(session.syn_sent, "SYN");
  const session::IcmpNote* note = telling_icmp(session);
  text += note != nullptr ? fmt::format(" drew {} and nothing else yet", icmp_words(*note))
                          : std::string(" without an answer yet");
  const bool is_over = session.ending == Ending::NeverOpened;
  text += is_over ? std::string(".") : fmt::format(" when {}.", why_no_more(session.ending));
  const bool is_probe = is_tracing(session);
  if (is_probe) text += ' ' + tracing_words(session);
  return {.text = std::move(text), .has_failed = false, .is_probe = is_probe};
}

}  // namespace

std::optional<Ruling> half_opened(const SessionCase& evidence) {
  if (!evidence.session.is_half_open || evidence.session.reset_count.client == 0) return std::nullopt;
  if (evidence.has_server_spoken || evidence.session.streams.client.payload_bytes > 0) return std::nullopt;
  return Ruling{.text =
                    "The server accepted, and the client reset at once: a port scan or a traceroute, to which the "
                    "port is open.",
                .stage = Stage::Syn,
                .has_failed = false,
                .is_probe = true};
}

std::optional<Ruling> was_reset(const SessionCase& evidence) {
  if (!evidence.reset || is_refusal(evidence)) return std::nullopt;
  return Ruling{.text = reset_sentence(evidence)};
}

std::optional<Ruling> stalled(const SessionCase& evidence) {
  if (!evidence.is_waiting_long() || evidence.is_one_sided) return std::nullopt;
  if (evidence.is_unopened()) {
    if (evidence.session.syn_acks == 0) return std::nullopt;
    return Ruling{.text = fmt::format("The server answered with {}, and the client did not take it up in {}: the "
                                      "answers do not reach it, or it has gone.",
                                      number_of(evidence.session.syn_acks, "SYN-ACK"), time_words(evidence.waited))};
  }
  const bool is_known = !evidence.begins_late || has_repeated(evidence);
  const bool is_over = evidence.is_closed_in_order() && !evidence.is_anything_owed();
  if (!is_known || is_over) return std::nullopt;
  return Ruling{.text = stall_sentence(evidence)};
}

std::optional<Ruling> unfinished(const SessionCase& evidence) {
  const bool is_cut = evidence.session.ending != Ending::Closed && !evidence.session.first_fin;
  if (evidence.begins_late || evidence.is_one_sided || !is_cut) return std::nullopt;
  if (evidence.is_unopened()) return unanswered_so_far(evidence);
  return Ruling{.text =
                    fmt::format("It was under way at {} when {}.", to_string(evidence.stage),
                                evidence.session.ending == Ending::NeverOpened ? "it ended"
                                                                               : why_no_more(evidence.session.ending))};
}

std::optional<Ruling> partial(const SessionCase& evidence) {
  return Ruling{.text = fmt::format("{}: {}.", seen_words(evidence), rest_words(evidence))};
}

}  // namespace smtpath::verdict
