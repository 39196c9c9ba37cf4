#include "unit/verdict/session_builder.h"

#include <algorithm>
#include <utility>

namespace smtpath::test {

namespace {

using session::Side;
using smtp::Verb;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRoundTrip = milliseconds(20);
constexpr Duration kStep = milliseconds(10);
constexpr Ttl kClientTtl{64};
constexpr Ttl kServerTtl{52};
constexpr std::size_t kMostKept = 8;

}  // namespace

SessionBuilder::SessionBuilder(std::uint16_t server_port, std::string_view server)
    : now_(std::chrono::sys_days(std::chrono::year(2026) / 1 / 31)) {
  session_.client = {.address = IpAddress::parse("192.0.2.7").value(), .port = Port{40112}};
  session_.server = {.address = IpAddress::parse(server).value(), .port = Port{server_port}};
  session_.first = now_;
}

SessionBuilder& SessionBuilder::syns(int count, std::uint8_t ttl) {
  Duration wait = seconds(1);
  for (int i = 0; i < count; ++i) {
    if (i > 0) pass(wait);
    if (i > 0) wait *= 2;
    ++session_.syn_sent;
    if (session_.syn_times.size() < kMostKept) {
      session_.syn_times.push_back(now_);
      session_.syn_ttls.push_back(Ttl{ttl});
    }
    sent(Side::Client, 0);
  }
  return *this;
}

SessionBuilder& SessionBuilder::syn_ack() {
  pass(kRoundTrip);
  ++session_.syn_acks;
  sent(Side::Server, 0);
  return *this;
}

SessionBuilder& SessionBuilder::opened() {
  syns(1).syn_ack();
  session_.is_established = true;
  session_.handshake = kRoundTrip;
  session_.server_round_trip = kRoundTrip;
  of(Side::Client).mss = of(Side::Server).mss = 1460;
  sent(Side::Client, 0);
  return *this;
}

SessionBuilder& SessionBuilder::waits(Duration duration) {
  pass(duration);
  return *this;
}

SessionBuilder& SessionBuilder::greeted(std::uint16_t code, std::string text) {
  pass(kRoundTrip);
  sent(Side::Server, 40);
  session_.greeting_at = now_;
  session_.dialogue.greeting = smtp::Reply{code, text};
  session_.dialogue.last_reply = smtp::Reply{code, std::move(text)};
  session_.dialogue.reply_codes.push_back(code);
  ++session_.dialogue.replies;
  return *this;
}

SessionBuilder& SessionBuilder::asks(Verb verb) {
  pass(kStep);
  sent(Side::Client, 30);
  ++session_.dialogue.of(verb).asked;
  session_.dialogue.last_asked = session_.dialogue.waits_for_reply_to = verb;
  return *this;
}

SessionBuilder& SessionBuilder::answers(std::uint16_t code, std::string text) {
  pass(kRoundTrip);
  sent(Side::Server, 50);
  smtp::Transcript& said = session_.dialogue;
  smtp::Commands& commands = said.of(*said.waits_for_reply_to);
  said.waits_for_reply_to.reset();
  said.reply_codes.push_back(code);
  ++said.replies;
  const smtp::Reply reply{code, std::move(text)};
  said.last_reply = commands.last_reply = reply;
  if (code < 400) {
    ++commands.accepted;
  } else {
    ++(code < 500 ? commands.refused_for_now : commands.refused);
    if (!commands.first_refusal) commands.first_refusal = reply;
  }
  return *this;
}

SessionBuilder& SessionBuilder::asks(Verb verb, std::uint16_t code, std::string text) {
  return asks(verb).answers(code, std::move(text));
}

SessionBuilder& SessionBuilder::hello(bool offers_starttls) {
  session_.dialogue.is_starttls_offered = offers_starttls;
  session_.dialogue.extensions = {"PIPELINING", "SIZE 10240000"};
  if (offers_starttls) session_.dialogue.extensions.emplace_back("STARTTLS");
  return asks(Verb::Ehlo, 250, "mx.example.com");
}

SessionBuilder& SessionBuilder::message(std::uint16_t code, std::string text) {
  asks(Verb::Mail, 250).asks(Verb::Rcpt, 250).asks(Verb::Data, 354, "go ahead");
  pass(kStep);
  sent(Side::Client, 900);
  smtp::Transcript& said = session_.dialogue;
  if (code == 0) {
    ++said.messages_unanswered;
    said.waits_for_reply_to = Verb::Data;
    return *this;
  }
  pass(kRoundTrip);
  sent(Side::Server, 50);
  ++(code < 400 ? said.messages_accepted : code < 500 ? said.messages_refused_for_now : said.messages_refused);
  said.last_message_reply = said.last_reply = smtp::Reply{code, std::move(text)};
  said.reply_codes.push_back(code);
  ++said.replies;
  return *this;
}

SessionBuilder& SessionBuilder::client_hello(session::TlsMode mode) {
  pass(kStep);
  sent(Side::Client, 517);
  session_.tls_mode = mode;
  session_.tls.client_hello = true;
  session_.tls.offered = session::TlsVersion::Tls13;
  session_.tls.sni = "mx.example.com";
  session_.tls.client_hello_length = 512;
  return *this;
}

SessionBuilder& SessionBuilder::server_hello(session::TlsVersion version) {
  pass(kRoundTrip);
  sent(Side::Server, 2400);
  session_.tls.server_hello = true;
  session_.tls.version = version;
  session_.tls.cipher = 0x1301;
  if (version == session::TlsVersion::Tls13) session_.tls.server_application_bytes = 2200;
  return *this;
}

SessionBuilder& SessionBuilder::tls_established() {
  pass(kStep);
  sent(Side::Client, 80);
  session_.tls.client_changed_cipher = session_.tls.server_changed_cipher = true;
  session_.tls.client_application_bytes = 400;
  session_.tls.server_application_bytes += 300;
  return *this;
}

SessionBuilder& SessionBuilder::alert(Side from, std::uint8_t description) {
  pass(kStep);
  sent(from, 7);
  session_.tls.alerts.push_back({.from = from, .level = 2, .description = description});
  return *this;
}

SessionBuilder& SessionBuilder::sends_in_vain(Side side, std::uint32_t size, std::uint32_t times) {
  pass(kStep);
  session::Outstanding oldest{.size = size, .times_sent = times, .first_sent = now_, .last_sent = now_};
  const std::uint32_t acknowledged = of(side).largest_acknowledged;
  Duration wait = seconds(1);
  for (std::uint32_t i = 0; i < times; ++i) {
    if (i > 0) pass(wait);
    if (i > 0) wait *= 2;
    sent(side, size);
  }
  of(side).largest_acknowledged = acknowledged;
  of(side).largest_unacknowledged = size;
  of(side).retransmissions += times - 1;
  oldest.last_sent = now_;
  of(side).outstanding = oldest;
  return *this;
}

SessionBuilder& SessionBuilder::icmp(std::string_view from, std::uint8_t type, std::uint8_t code, std::uint32_t mtu) {
  pass(kStep);
  ++session_.icmp_count;
  session_.icmp.push_back({.type = type,
                           .code = code,
                           .from = IpAddress::parse(from).value(),
                           .mtu = mtu,
                           .at = now_,
                           .about = Side::Client,
                           .is_before_answer = session_.syn_acks == 0});
  return *this;
}

SessionBuilder& SessionBuilder::closed_by(Side first) {
  session_.first_fin = first;
  for (const Side side : {first, session::other(first)}) {
    pass(kStep);
    sent(side, 0);
    of(side).has_finished = of(side).is_finish_acknowledged = true;
    of(side).finished_at = now_;
  }
  session_.ending = session::Ending::Closed;
  return *this;
}

SessionBuilder& SessionBuilder::reset_by(Side from) {
  pass(kRoundTrip);
  const session::Stream& own = of(from);
  const session::Stream& other = of(session::other(from));
  session::Reset reset;
  reset.from = from;
  reset.at = now_;
  if (session_.first_fin) {
    reset.phase = session::Phase::AfterFin;
  } else if (!session_.is_established) {
    reset.phase = session::Phase::Handshake;
  } else {
    const bool has_data = own.payload_bytes + other.payload_bytes > 0;
    reset.phase = has_data ? session::Phase::Mid : session::Phase::BeforeData;
  }
  reset.sender_was_seen = own.packets > 0;
  reset.ttl = reset.sender_ttl = from == Side::Client ? kClientTtl : kServerTtl;
  reset.identification = static_cast<std::uint16_t>(own.last_identification + 1);
  reset.sender_identification = own.last_identification;
  reset.sequence_offset = 0;
  if (other.last_packet) reset.after_other = now_ - *other.last_packet;
  if (own.last_packet) reset.after_own = now_ - *own.last_packet;
  reset.last_asked = session_.dialogue.last_asked;
  session_.resets.push_back(reset);
  ++session_.reset_count.of(from);
  session_.last = now_;
  session_.ending = session_.is_established ? session::Ending::Closed : session::Ending::NeverOpened;
  return *this;
}

session::Session SessionBuilder::session() const {
  session::Session done = session_;
  done.end = now_;
  return done;
}

void SessionBuilder::sent(Side side, std::uint32_t payload) {
  session::Stream& stream = of(side);
  if (stream.packets == 0) {
    stream.first_ttl = stream.last_ttl = stream.lowest_ttl = stream.highest_ttl =
        side == Side::Client ? kClientTtl : kServerTtl;
    stream.last_identification = side == Side::Client ? 7000 : 100;
    stream.identification_rises = true;
    stream.dont_fragment = true;
    stream.last_window = side == Side::Client ? 64240 : 65160;
  }
  ++stream.packets;
  ++stream.last_identification;
  stream.payload_bytes += payload;
  stream.largest_acknowledged = std::max(stream.largest_acknowledged, payload);
  stream.last_packet = session_.last = now_;
  if (payload == 0) return;
  if (!stream.first_payload) stream.first_payload = now_;
  stream.last_payload = now_;
}

void SessionBuilder::pass(Duration duration) {
  now_ += duration;
}

}  // namespace smtpath::test
