#include "unit/smtp/conversation.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

namespace smtpath::test {
namespace {

std::string text_of(const smtp::OptionalReply& reply) {
  return reply ? std::to_string(reply->code) + " '" + reply->text + "'" : "none";
}

std::string text_of(const std::optional<smtp::Verb>& verb) {
  return verb ? smtp::to_string(*verb) : "none";
}

void put_commands(std::ostream& out, const smtp::Transcript& transcript) {
  for (std::size_t i = 0; i < smtp::kVerbs; ++i) {
    const auto verb = static_cast<smtp::Verb>(i);
    const smtp::Commands& each = transcript.of(verb);
    out << smtp::to_string(verb) << ' ' << each.asked << ' ' << each.accepted << ' ' << each.refused_for_now << ' '
        << each.refused << ' ' << text_of(each.last_reply) << ' ' << text_of(each.first_refusal) << '\n';
  }
}

}  // namespace

Conversation& Conversation::server_bytes(std::string bytes) {
  pieces_.push_back({.what = What::Server, .bytes = std::move(bytes)});
  return *this;
}

Conversation& Conversation::client_bytes(std::string bytes) {
  pieces_.push_back({.what = What::Client, .bytes = std::move(bytes)});
  return *this;
}

Conversation& Conversation::server_gap(std::uint64_t missing) {
  pieces_.push_back({.what = What::ServerGap, .bytes = {}, .missing = missing});
  return *this;
}

Conversation& Conversation::client_gap(std::uint64_t missing) {
  pieces_.push_back({.what = What::ClientGap, .bytes = {}, .missing = missing});
  return *this;
}

Conversation& Conversation::greeted() {
  server("220 mx.example.com ESMTP");
  client("EHLO mail.example.org");
  return server("250-mx.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 AUTH PLAIN LOGIN");
}

Conversation& Conversation::up_to_data() {
  client("MAIL FROM:<a@example.org>").server("250 2.1.0 Ok");
  client("RCPT TO:<b@example.com>").server("250 2.1.5 Ok");
  return client("DATA").server("354 End data with <CR><LF>.<CR><LF>");
}

smtp::Dialogue Conversation::read() const {
  smtp::Dialogue dialogue;
  for (const Piece& piece : pieces_) feed(dialogue, piece, piece.bytes);
  return dialogue;
}

smtp::Dialogue Conversation::read_cut(Dice& dice) const {
  constexpr int kLongestPart = 9;
  smtp::Dialogue dialogue;
  for (const Piece& piece : pieces_) {
    if (piece.bytes.empty()) feed(dialogue, piece, {});
    std::string_view left = piece.bytes;
    while (!left.empty()) {
      const auto size = std::min(left.size(), static_cast<std::size_t>(dice.between(1, kLongestPart)));
      if (feed(dialogue, piece, left.substr(0, size)) < size) break;
      left.remove_prefix(size);
    }
  }
  return dialogue;
}

std::size_t Conversation::feed(smtp::Dialogue& dialogue, const Piece& piece, std::string_view bytes) {
  switch (piece.what) {
    case What::Client:
      return dialogue.handle_client(bytes_of(bytes));
    case What::Server:
      return dialogue.handle_server(bytes_of(bytes));
    case What::ClientGap:
      dialogue.note_client_gap(piece.missing);
      return 0;
    case What::ServerGap:
      dialogue.note_server_gap(piece.missing);
      return 0;
  }
  return 0;
}

std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char each) { return static_cast<std::byte>(static_cast<unsigned char>(each)); });
  return bytes;
}

std::string everything_in(const smtp::Transcript& transcript) {
  std::ostringstream out;
  out << "greeting " << text_of(transcript.greeting) << transcript.is_greeting_masked << transcript.client_spoke_first
      << '\n';
  put_commands(out, transcript);
  for (const std::string& each : transcript.extensions.list()) out << "extension " << each << '\n';
  for (const std::string& each : transcript.auth_mechanisms) out << "mechanism " << each << '\n';
  for (const std::uint16_t each : transcript.reply_codes) out << each << ' ';
  out << transcript.is_starttls_offered << transcript.is_starttls_masked << transcript.is_verb_masked << '\n'
      << transcript.messages_accepted << ' ' << transcript.messages_refused_for_now << ' '
      << transcript.messages_refused << ' ' << transcript.messages_unanswered << ' '
      << text_of(transcript.last_message_reply) << transcript.is_in_data << '\n'
      << transcript.replies << ' ' << transcript.unsolicited << ' ' << text_of(transcript.last_unsolicited) << ' '
      << text_of(transcript.last_reply) << ' ' << text_of(transcript.waits_for_reply_to) << ' '
      << text_of(transcript.last_asked) << transcript.is_reply_under_way << transcript.is_lmtp << transcript.is_no_smtp
      << ' ' << transcript.odd_lines << ' ' << transcript.gaps << '\n';
  return out.str();
}

}  // namespace smtpath::test
