#include <algorithm>
#include <utility>

#include "smtp/dialogue_state.h"
#include "smtp/extension.h"
#include "smtp/redaction.h"

namespace smtpath::smtp {
namespace {

// RFC 5321 section 4.2.3, RFC 3207, RFC 4954.
constexpr std::uint16_t kReady = 220;
constexpr std::uint16_t kClosing = 221;
constexpr std::uint16_t kAuthenticated = 235;
constexpr std::uint16_t kGoOnWithAuth = 334;
constexpr std::uint16_t kStartText = 354;
constexpr std::uint16_t kShuttingDown = 421;
constexpr std::uint16_t kUnrecognised = 500;

constexpr Due kData{.verb = Verb::Data};
constexpr Due kMessage{.verb = Verb::Data, .is_message = true};

enum class Severity : std::uint8_t { Accepted = 2, Intermediate = 3, RefusedForNow = 4, Refused = 5 };

Severity severity(std::uint16_t code) {
  constexpr std::uint16_t kHundred = 100;
  return static_cast<Severity>(code / kHundred);
}

bool is_refusal(const Reply& reply) {
  return severity(reply.code) == Severity::RefusedForNow || severity(reply.code) == Severity::Refused;
}

/// What alone is answered so.
std::optional<Verb> only_asked_by(std::uint16_t code) {
  switch (code) {
    case kReady:
      return Verb::StartTls;
    case kClosing:
      return Verb::Quit;
    case kAuthenticated:
    case kGoOnWithAuth:
      return Verb::Auth;
    case kStartText:
      return Verb::Data;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::size_t Dialogue::State::read_server(std::span<const std::byte> bytes) {
  const std::uint32_t odd_lines_before = replies.odd_lines();
  const std::size_t read = replies.read(bytes);
  transcript.odd_lines += replies.odd_lines() - odd_lines_before;
  transcript.is_no_smtp = replies.began_otherwise() && !began_late && !has_server_replied;
  if (!replies.has_reply()) return read;
  const std::vector<std::string> lines = replies.further_lines();
  handle_reply(replies.take(), lines);
  return read;
}

void Dialogue::State::handle_reply(Reply reply, const std::vector<std::string>& lines) {
  const bool is_first = !std::exchange(has_server_replied, true);
  if (reply.code == kGoOnWithAuth) reply.text.clear();
  if (may_repeat_secrets()) reply.text = without_secrets(reply.text);
  ++transcript.replies;
  if (transcript.reply_codes.size() < kMostCodes) transcript.reply_codes.push_back(reply.code);
  transcript.last_reply = Reply{.code = reply.code, .text = {}};
  if (is_first && is_greeting(reply)) {
    greet(std::move(reply));
    return;
  }
  if (std::exchange(is_server_lost, false)) queue.drop_older_groups();
  realign(reply.code);
  answer(reply, lines);
}

bool Dialogue::State::is_greeting(const Reply& reply) const {
  if (reply.code == kReady) return queue.is_empty() || queue.front().verb != Verb::StartTls;
  if (!is_refusal(reply) || began_late) return false;
  // Who speaks before the greeting says hello.
  return queue.is_empty() || queue.front().verb == Verb::Ehlo || queue.front().verb == Verb::Helo ||
         queue.front().verb == Verb::Other;
}

void Dialogue::State::greet(Reply reply) {
  if (transcript.is_no_smtp) {
    // A proxy was asked for the way here: what was said to it is no part of this.
    transcript.is_no_smtp = false;
    queue.clear();
    has_client_spoken = false;
  }
  transcript.client_spoke_first = has_client_spoken;
  transcript.is_greeting_masked = is_masked_text(reply.text);
  transcript.greeting = std::move(reply);
}

void Dialogue::State::realign(std::uint16_t code) {
  const auto verb = only_asked_by(code);
  if (!verb || queue.is_empty() || queue.front().verb == *verb) return;
  // What the firewall masked may have been anything.
  const bool may_be_masked = queue.front().verb == Verb::Other && code != kStartText && code != kClosing;
  if (!may_be_masked && queue.contains({.verb = *verb})) queue.pop_until({.verb = *verb});
}

void Dialogue::State::answer(const Reply& reply, const std::vector<std::string>& lines) {
  // Of servers some answer a blank line, some do not.
  if (has_blank_line && reply.code == kUnrecognised) {
    has_blank_line = false;
    count(Verb::Other, reply);
    return;
  }
  if (queue.is_empty()) {
    if (!has_client_spoken && !is_seen_whole && !lines.empty()) keep_extensions(lines);
    answer_nothing(reply);
    return;
  }
  const Due due = queue.front();
  if (due == kData) {
    answer_data(reply);
    return;
  }
  if (due.verb == Verb::Auth || reply.code == kGoOnWithAuth) {
    answer_auth(reply);
    return;
  }
  queue.pop();
  if (due.is_message) answer_message(reply);
  if (due == kMessage) return;
  count(due.verb, reply);
  const bool is_accepted = severity(reply.code) == Severity::Accepted;
  if (due.verb == Verb::Ehlo && is_accepted) keep_extensions(lines);
  if (due.verb == Verb::Rcpt && is_accepted) ++recipients;
  if (due.verb == Verb::StartTls && reply.code == kReady) is_tls_next = true;
}

void Dialogue::State::answer_nothing(const Reply& reply) {
  const bool is_in_text = sending == Sending::Text || sending == Sending::Chunk;
  if (sending == Sending::Text && reply.code != kShuttingDown && !is_text_answered) {
    // Before its end has been seen: it was lost, or the frames came in another order, or the server would not wait.
    count_message(reply);
    is_text_answered = true;
    if (has_gap_in_text || text.is_perhaps_found()) lose_client();
    return;
  }
  if (reply.code == kStartText && !is_in_text && (is_client_lost || !has_client_spoken)) {
    commands.reset();
    begin_text(Sending::Text);
    return;
  }
  if (reply.code == kGoOnWithAuth) {
    queue.push({.verb = Verb::Auth});
    is_auth_line_next = true;
    return;
  }
  const bool answers_lost_command = is_client_lost || (!has_client_spoken && !is_seen_whole);
  if (answers_lost_command && reply.code != kShuttingDown) return;
  ++transcript.unsolicited;
  transcript.last_unsolicited = reply;
}

void Dialogue::State::answer_data(const Reply& reply) {
  const bool is_message_next = queue.second() == kMessage;
  if (severity(reply.code) == Severity::Accepted) {
    // No answer to DATA: one reply too many, or its own was lost.
    if (is_message_next) {
      queue.pop();
      queue.pop();
      answer_message(reply);
    } else {
      ++transcript.unsolicited;
      transcript.last_unsolicited = reply;
    }
    return;
  }
  queue.pop();
  count(Verb::Data, reply);
  is_data_accepted = reply.code == kStartText;
  if (is_data_accepted) {
    const bool is_line_begun = sending == Sending::TextPerhaps && !commands.is_at_line_start();
    if (is_message_next || sending == Sending::Text || is_line_begun) return;
    // Whatever looked like a command behind DATA was text.
    queue.clear();
    begin_text(Sending::Text);
    return;
  }
  if (is_message_next) {
    queue.pop();
    --transcript.messages_unanswered;
  }
  // Text that came all the same is read for commands, which is what the server does.
  if (sending == Sending::Text) is_client_lost = true;
  if (sending == Sending::Text || sending == Sending::TextPerhaps) sending = Sending::Commands;
}

void Dialogue::State::answer_auth(const Reply& reply) {
  if (reply.code == kGoOnWithAuth) {
    is_auth_line_next = early_auth_lines == 0;
    if (early_auth_lines > 0) --early_auth_lines;
    return;
  }
  queue.pop();
  is_auth_line_next = false;
  early_auth_lines = 0;
  count(Verb::Auth, reply);
}

void Dialogue::State::answer_message(const Reply& reply) {
  if (transcript.messages_unanswered > 0) --transcript.messages_unanswered;
  count_message(reply);
}

void Dialogue::State::keep_extensions(const std::vector<std::string>& lines) {
  transcript.extensions.clear();
  transcript.is_starttls_offered = false;
  for (const std::string& line : lines) {
    const Extension extension = extension_of(line);
    transcript.is_starttls_offered |= extension.keyword == "STARTTLS";
    transcript.is_starttls_masked |= is_masked_keyword(extension.keyword);
    transcript.extensions.emplace_back(extension.line);
  }
}

void Dialogue::State::count(Verb verb, const Reply& reply) {
  Commands& each = transcript.of(verb);
  each.last_reply = reply;
  switch (severity(reply.code)) {
    case Severity::Accepted:
      ++each.accepted;
      return;
    case Severity::Intermediate:
      if (verb == Verb::Data) ++each.accepted;
      return;
    case Severity::RefusedForNow:
      ++each.refused_for_now;
      break;
    case Severity::Refused:
      ++each.refused;
      break;
  }
  if (!each.first_refusal) each.first_refusal = reply;
}

void Dialogue::State::count_message(const Reply& reply) {
  transcript.last_message_reply = reply;
  switch (severity(reply.code)) {
    case Severity::Accepted:
      ++transcript.messages_accepted;
      return;
    case Severity::RefusedForNow:
      ++transcript.messages_refused_for_now;
      return;
    case Severity::Intermediate:
    case Severity::Refused:
      ++transcript.messages_refused;
      return;
  }
}

bool Dialogue::State::may_repeat_secrets() const {
  const bool answers_auth = !queue.is_empty() && queue.front().verb == Verb::Auth;
  if (answers_auth) return true;
  const bool has_auth_been_asked = transcript.commands.asked(Verb::Auth) > 0 || transcript.is_verb_masked;
  return (has_auth_been_asked || is_client_lost) && (queue.is_empty() || queue.front().verb == Verb::Other);
}

bool Dialogue::State::answers_starttls(std::byte first) const {
  const bool is_due = queue.contains({.verb = Verb::StartTls});
  return is_due && (replies.is_under_way() || (first >= std::byte{'2'} && first <= std::byte{'5'}));
}

std::size_t Dialogue::handle_server(std::span<const std::byte> bytes) {
  State& state = *state_;
  std::size_t read = 0;
  while (read < bytes.size() && (!state.is_tls_next || state.answers_starttls(bytes[read])))
    read += state.read_server(bytes.subspan(read));
  state.update();
  return read;
}

void Dialogue::note_server_gap(std::uint64_t missing) {
  State& state = *state_;
  ++state.transcript.gaps;
  state.replies.note_gap();
  const bool is_beginning = !state.has_server_replied && (missing == 0 || !state.has_client_spoken);
  if (is_beginning) {
    state.began_late = true;
  } else {
    state.is_server_lost = true;
  }
}

}  // namespace smtpath::smtp
