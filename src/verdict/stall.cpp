#include "verdict/stall.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using session::IcmpNote;
using session::Outstanding;
using session::Side;
using session::Stream;

/// Every link carries segments of that size (RFC 9293 section 3.7.1).
constexpr std::uint32_t kPassesAnywhere = 536;
/// Sent so often in vain, it is no chance loss.
constexpr std::uint32_t kTimesInVain = 3;

constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;
constexpr std::uint8_t kPacketTooBig = 2;

bool is_about_size(const IcmpNote& note) {
  return note.from.is_ipv4() ? note.type == kUnreachable && note.code == kFragmentationNeeded
                             : note.type == kPacketTooBig;
}

bool is_too_large(const Stream& stream, bool is_told) {
  if (!stream.outstanding || stream.outstanding->size <= kPassesAnywhere) return false;
  const Outstanding& oldest = *stream.outstanding;
  return oldest.size > stream.largest_acknowledged && (is_told || oldest.times_sent >= kTimesInVain);
}

std::string segment_size_words(const SessionCase& evidence) {
  const auto& streams = evidence.session.streams;
  if (!streams.client.mss && !streams.server.mss) return {};
  const auto words = [](const Stream& stream) {
    return stream.mss ? std::to_string(*stream.mss) : std::string("none");
  };
  return fmt::format("; MSS {} of the client, {} of the server", words(streams.client), words(streams.server));
}

std::string vain_words(Side side, const Outstanding& oldest, Time until) {
  std::string words = fmt::format("The {} sent {}", name_of(side), number_of(oldest.size, "byte"));
  if (oldest.times_sent > 1) words += fmt::format(" {} times", oldest.times_sent);
  return words + fmt::format(" in {} and got no acknowledgment", time_words(between(oldest.first_sent, until)));
}

std::string black_hole_words(const SessionCase& evidence, Side side) {
  const Stream& stream = evidence.session.streams.of(side);
  std::string text = vain_words(side, *stream.outstanding, evidence.until);
  text += stream.largest_acknowledged > 0
              ? fmt::format(", while segments of up to {} bytes were acknowledged", stream.largest_acknowledged)
              : std::string(", while the handshake's small packets passed");
  text += segment_size_words(evidence) + ". This is a path-MTU black hole: ";
  const IcmpNote* note = size_note(evidence, side);
  if (note == nullptr) return text + "no ICMP fragmentation needed was captured, so a filter seems to drop it.";
  text += icmp_words(*note);
  if (note->mtu > 0) text += fmt::format(" names an MTU of {}", note->mtu);
  return text + fmt::format(", and the {} did not send smaller segments.", name_of(side));
}

/// Whose window stays shut.
std::optional<Side> closed_window(const SessionCase& evidence) {
  for (const Side side : {Side::Server, Side::Client}) {
    if (evidence.session.streams.of(side).is_window_closed) return side;
  }
  return std::nullopt;
}

std::string icmp_remark(const SessionCase& evidence) {
  const auto& notes = evidence.session.icmp;
  return notes.empty() ? std::string() : fmt::format(" {} was seen.", icmp_words(notes.front()));
}

std::optional<std::string> unacknowledged_words(const SessionCase& evidence) {
  for (const Side side : {Side::Client, Side::Server}) {
    const Stream& stream = evidence.session.streams.of(side);
    if (!stream.outstanding || stream.outstanding->size == 0 || evidence.is_one_sided) continue;
    if (stream.outstanding->times_sent == 1) {
      return fmt::format("The {} sent {}, of which the capture shows neither an acknowledgment nor a repetition in {}.",
                         name_of(side), number_of(stream.outstanding->size, "byte"),
                         time_words(between(stream.outstanding->first_sent, evidence.until)));
    }
    return vain_words(side, *stream.outstanding, evidence.until) +
           fmt::format(": what it sends, or every answer, is lost.{}", icmp_remark(evidence));
  }
  return std::nullopt;
}

/// What the server owes, and since when everything else is well.
std::string owed_words(const SessionCase& evidence) {
  const smtp::Transcript& said = evidence.dialogue;
  const std::string time = time_words(evidence.waited);
  if (evidence.is_tls_begun) {
    if (!evidence.tls.client_hello) return fmt::format("The client did not begin TLS in {}.", time);
    return fmt::format("The {} was silent for {}{}.", evidence.tls.server_hello ? "client" : "server", time,
                       evidence.tls.server_hello ? "" : " after the ClientHello, which it had acknowledged");
  }
  if (said.waits_for_reply_to) {
    return fmt::format("The server acknowledged {} and did not answer it in {}.", verb_words(*said.waits_for_reply_to),
                       time);
  }
  if (said.messages_unanswered > 0) return fmt::format("The server did not answer the end of the message in {}.", time);
  if (said.is_in_data) return fmt::format("The client stopped in the middle of the message, for {}.", time);
  if (!said.greeting && !evidence.has_server_spoken) return fmt::format("The server did not greet in {}.", time);
  return fmt::format(
      "The client said nothing more after {}, for {}.",
      said.last_asked ? fmt::format("the reply to {}", verb_words(*said.last_asked)) : std::string("the greeting"),
      time);
}

std::string give_up_words(const SessionCase& evidence) {
  if (evidence.reset) return fmt::format(" Then the {} reset the connection.", name_of(evidence.reset->reset->from));
  if (!evidence.session.first_fin) return {};
  return fmt::format(" Then the {} gave up.", name_of(*evidence.session.first_fin));
}

}  // namespace

std::optional<Side> side_with_too_large(const SessionCase& evidence) {
  for (const Side side : {Side::Client, Side::Server}) {
    if (is_too_large(evidence.session.streams.of(side), size_note(evidence, side) != nullptr)) return side;
  }
  return std::nullopt;
}

const IcmpNote* size_note(const SessionCase& evidence, Side about) {
  const auto& notes = evidence.session.icmp;
  const auto note = std::find_if(notes.begin(), notes.end(),
                                 [&](const IcmpNote& each) { return each.about == about && is_about_size(each); });
  return note == notes.end() ? nullptr : &*note;
}

std::string stall_sentence(const SessionCase& evidence) {
  const std::string ending = give_up_words(evidence);
  if (const auto side = side_with_too_large(evidence)) return black_hole_words(evidence, *side) + ending;
  if (const auto side = closed_window(evidence)) {
    return fmt::format(
        "The {} keeps its receive window closed (0 bytes), and nothing more was said in {}: it does not "
        "read what it is sent.{}",
        name_of(*side), time_words(evidence.waited), ending);
  }
  if (const auto words = unacknowledged_words(evidence)) return *words + ending;
  return owed_words(evidence) + ending;
}

}  // namespace smtpath::verdict
