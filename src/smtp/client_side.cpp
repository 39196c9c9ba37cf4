#include <algorithm>

#include "smtp/dialogue_state.h"

namespace smtpath::smtp {
namespace {

constexpr Due kMessage{.verb = Verb::Data, .is_message = true};

/// The first byte of a TLS record with a handshake, or of a hello in the form of SSL 2: no command begins so.
bool begins_tls(std::byte first) {
  constexpr std::byte kHandshake{0x16};
  constexpr std::byte kSsl2{0x80};
  return first == kHandshake || (first & kSsl2) == kSsl2;
}

}  // namespace

std::size_t Dialogue::State::read_client(std::span<const std::byte> bytes) {
  switch (sending) {
    case Sending::Text:
      return read_text(bytes);
    case Sending::Chunk: {
      const std::size_t read = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left, bytes.size()));
      chunk_left -= read;
      if (chunk_left == 0) sending = Sending::Commands;
      return read;
    }
    case Sending::Commands:
    case Sending::TextPerhaps:
      break;
  }
  const bool waits_for_tls = !queue.is_empty() && queue.back().verb == Verb::StartTls;
  if (waits_for_tls && commands.is_at_line_start() && begins_tls(bytes.front())) {
    is_tls_next = true;
    return 0;
  }
  return read_line(bytes);
}

std::size_t Dialogue::State::read_text(std::span<const std::byte> bytes) {
  const std::size_t read = text.read(bytes);
  if (text.is_found()) end_text();
  return read;
}

std::size_t Dialogue::State::read_line(std::span<const std::byte> bytes) {
  const std::size_t read = commands.read(bytes);
  if (commands.has_command()) handle_line(commands.take());
  return read;
}

void Dialogue::State::handle_line(const Command& command) {
  if (sending == Sending::TextPerhaps) {
    const bool is_text = is_data_accepted || !command.is_certain;
    begin_text(is_text ? Sending::Text : Sending::Commands);
    if (is_text && command.is_dot) end_text();
    if (is_text) return;
  }
  if (is_auth_line_next) {
    is_auth_line_next = false;
    const bool gives_up = command.verb == Verb::Quit && command.is_certain;
    if (gives_up) handle_command(command);
    return;
  }
  const bool is_in_auth = !queue.is_empty() && queue.back().verb == Verb::Auth;
  if (is_in_auth && command.verb == Verb::Other && !command.is_blank) {
    ++early_auth_lines;
    return;
  }
  if (is_client_lost && !command.is_certain) {
    if (command.is_dot) end_text();
    return;
  }
  if (command.is_odd) ++transcript.odd_lines;
  if (command.is_proxy_header && !has_client_spoken) {
    ++transcript.odd_lines;
    return;
  }
  if (command.is_blank) {
    has_blank_line = true;
    return;
  }
  handle_command(command);
}

void Dialogue::State::handle_command(const Command& command) {
  if (is_group_new) queue.begin_group();
  is_group_new = false;
  is_client_lost = false;
  has_client_spoken = true;
  if (!has_server_replied && !began_late) transcript.client_spoke_first = true;
  takes_bare_line_feeds = command.ends_in_line_feed_alone;
  ++transcript.of(command.verb).asked;
  transcript.last_asked = command.verb;
  transcript.is_verb_masked |= command.is_masked;
  transcript.is_lmtp |= command.is_lmtp;
  queue.push({.verb = command.verb, .is_message = command.verb == Verb::Bdat && command.is_last_chunk});
  switch (command.verb) {
    case Verb::Data:
      is_data_accepted = false;
      sending = Sending::TextPerhaps;
      return;
    case Verb::Bdat:
      if (command.is_last_chunk) ++transcript.messages_unanswered;
      chunk_left = command.chunk_size;
      if (chunk_left > 0) sending = Sending::Chunk;
      return;
    case Verb::Auth:
      early_auth_lines = 0;
      if (transcript.auth_mechanisms.size() < kMostMechanisms)
        transcript.auth_mechanisms.emplace_back(command.mechanism);
      return;
    case Verb::Mail:
    case Verb::Rset:
      recipients = 0;
      return;
    default:
      return;
  }
}

void Dialogue::State::begin_text(Sending next) {
  sending = next;
  text = EndOfData(takes_bare_line_feeds);
  is_text_answered = false;
  has_gap_in_text = false;
}

void Dialogue::State::end_text() {
  sending = Sending::Commands;
  if (is_text_answered) return;
  const std::uint32_t owed = transcript.is_lmtp ? recipients : 1;
  queue.push(kMessage, owed);
  transcript.messages_unanswered += owed;
  recipients = 0;
}

void Dialogue::State::lose_client() {
  commands.reset();
  sending = Sending::Commands;
  chunk_left = 0;
  is_auth_line_next = false;
  is_client_lost = true;
}

std::size_t Dialogue::handle_client(std::span<const std::byte> bytes) {
  State& state = *state_;
  state.is_group_new = true;
  std::size_t read = 0;
  if (!state.proxy_header.is_over()) {
    read = state.proxy_header.read(bytes);
    if (!state.proxy_header.is_over()) return read;
    if (state.proxy_header.is_header()) ++state.transcript.odd_lines;
    const auto before = state.proxy_header.taken_back();
    for (std::size_t i = 0; i < before.size();) i += state.read_client(before.subspan(i));
  }
  while (read < bytes.size() && !state.is_tls_next) read += state.read_client(bytes.subspan(read));
  state.update();
  return read;
}

void Dialogue::note_client_gap(std::uint64_t missing) {
  State& state = *state_;
  ++state.transcript.gaps;
  state.proxy_header.skip();
  if (!state.has_client_spoken && (missing == 0 || !state.has_server_replied)) state.began_late = true;
  if (state.sending == State::Sending::Chunk && missing > 0 && missing < state.chunk_left) {
    state.chunk_left -= missing;
    return;
  }
  const bool is_in_text = state.sending == State::Sending::Text && !state.is_text_answered;
  if (!is_in_text) {
    state.lose_client();
    return;
  }
  state.text.note_gap();
  state.has_gap_in_text = true;
}

}  // namespace smtpath::smtp
