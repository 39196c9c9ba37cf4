#include "unit/verdict/random_session.h"

#include <random>

namespace smtpath::test {

namespace {

using session::Session;
using session::Side;
using smtp::Verb;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `most`.
  std::uint64_t up_to(std::uint64_t most) { return engine_() % (most + 1); }
  bool one_in(std::uint64_t times) { return up_to(times - 1) == 0; }
  template <class Number>
  Number number() {
    return one_in(3) ? static_cast<Number>(engine_()) : static_cast<Number>(up_to(3));
  }
  Side side() { return one_in(2) ? Side::Client : Side::Server; }
  Ttl ttl() { return Ttl{static_cast<std::uint8_t>(up_to(255))}; }
  /// Mostly within minutes; now and then any time there is.
  Time time() {
    if (one_in(40)) return Time(Duration(static_cast<std::int64_t>(engine_())));
    return Time(std::chrono::seconds(1'700'000'000)) + std::chrono::milliseconds(up_to(200'000));
  }
  Duration duration() { return one_in(40) ? Duration::max() : Duration(std::chrono::milliseconds(up_to(30'000))); }
  std::string text() {
    std::string text;
    for (std::uint64_t left = one_in(10) ? 256 : up_to(12); left > 0; --left) {
      text += static_cast<char>(up_to(255));
    }
    return text;
  }
  template <class Value, class Make>
  std::optional<Value> maybe(const Make& make) {
    if (one_in(2)) return std::nullopt;
    return Value(make());
  }

 private:
  std::mt19937_64 engine_;
};

smtp::Reply random_reply(Dice& dice) {
  return {static_cast<std::uint16_t>(200 + dice.up_to(399)), dice.text()};
}

session::Stream random_stream(Dice& dice) {
  session::Stream stream;
  stream.packets = dice.number<std::uint64_t>();
  stream.payload_bytes = dice.number<std::uint64_t>();
  stream.bytes_not_captured = dice.one_in(4) ? dice.number<std::uint64_t>() : 0;
  stream.gaps = dice.one_in(4) ? dice.number<std::uint32_t>() : 0;
  stream.is_window_closed = dice.one_in(5);
  stream.mss = dice.maybe<std::uint16_t>([&] { return dice.number<std::uint16_t>(); });
  stream.largest_acknowledged = dice.number<std::uint32_t>();
  if (dice.one_in(2)) {
    stream.outstanding = session::Outstanding{.size = static_cast<std::uint32_t>(dice.up_to(3000)),
                                              .times_sent = dice.number<std::uint32_t>(),
                                              .first_sent = dice.time(),
                                              .last_sent = dice.time()};
  }
  stream.lowest_ttl = dice.ttl();
  stream.highest_ttl = dice.ttl();
  stream.last_identification = dice.number<std::uint16_t>();
  stream.identification_rises = dice.one_in(2);
  stream.identification_is_zero = dice.one_in(4);
  stream.has_finished = dice.one_in(3);
  stream.finished_at = dice.maybe<Time>([&] { return dice.time(); });
  stream.last_payload = dice.maybe<Time>([&] { return dice.time(); });
  return stream;
}

session::Reset random_reset(Dice& dice) {
  session::Reset reset;
  reset.from = dice.side();
  reset.at = dice.time();
  reset.phase = static_cast<session::Phase>(dice.up_to(3));
  reset.ttl = dice.ttl();
  reset.sender_ttl = dice.ttl();
  reset.identification = dice.number<std::uint16_t>();
  reset.sender_identification = dice.number<std::uint16_t>();
  reset.sender_was_seen = dice.one_in(2);
  reset.sequence_offset = dice.maybe<std::int32_t>([&] { return dice.number<std::int32_t>(); });
  reset.after_own = dice.maybe<Duration>([&] { return dice.duration(); });
  reset.talk_after = dice.one_in(3) ? dice.number<std::uint32_t>() : 0;
  reset.first_after = dice.maybe<Duration>([&] { return dice.duration(); });
  reset.last_asked = dice.maybe<Verb>([&] { return static_cast<Verb>(dice.up_to(smtp::kVerbs - 1)); });
  return reset;
}

session::IcmpNote random_note(Dice& dice) {
  session::IcmpNote note;
  note.type = dice.number<std::uint8_t>();
  note.code = dice.number<std::uint8_t>();
  note.from = IpAddress::parse(dice.one_in(2) ? "198.51.100.1" : "2001:db8::1").value();
  note.mtu = dice.number<std::uint32_t>();
  note.about = dice.side();
  note.is_before_answer = dice.one_in(2);
  return note;
}

void fill_dialogue(Dice& dice, smtp::Transcript& said) {
  said.greeting = dice.maybe<smtp::Reply>([&] { return random_reply(dice); });
  said.is_greeting_masked = dice.one_in(8);
  said.is_starttls_offered = dice.one_in(2);
  said.is_starttls_masked = dice.one_in(8);
  said.is_verb_masked = dice.one_in(8);
  for (std::size_t verb = 0; verb < smtp::kVerbs; ++verb) {
    if (!dice.one_in(4)) continue;
    smtp::Commands& commands = said.of(static_cast<Verb>(verb));
    commands.asked = dice.number<std::uint32_t>();
    commands.accepted = dice.number<std::uint32_t>();
    commands.refused = dice.number<std::uint32_t>();
    commands.refused_for_now = dice.number<std::uint32_t>();
    commands.last_reply = dice.maybe<smtp::Reply>([&] { return random_reply(dice); });
    commands.first_refusal = dice.maybe<smtp::Reply>([&] { return random_reply(dice); });
  }
  if (dice.one_in(4)) said.auth_mechanisms.push_back(dice.text());
  said.messages_accepted = dice.one_in(6) ? dice.number<std::uint32_t>() : 0;
  said.messages_refused = dice.one_in(6) ? dice.number<std::uint32_t>() : 0;
  said.messages_unanswered = dice.one_in(6) ? 1 : 0;
  said.last_message_reply = dice.maybe<smtp::Reply>([&] { return random_reply(dice); });
  said.is_in_data = dice.one_in(6);
  said.last_unsolicited = dice.maybe<smtp::Reply>([&] { return random_reply(dice); });
  said.waits_for_reply_to = dice.maybe<Verb>([&] { return static_cast<Verb>(dice.up_to(smtp::kVerbs - 1)); });
  said.last_asked = dice.maybe<Verb>([&] { return static_cast<Verb>(dice.up_to(smtp::kVerbs - 1)); });
  said.is_no_smtp = dice.one_in(8);
}

void fill_tls(Dice& dice, Session& session) {
  session::Tls& tls = session.tls;
  session.tls_mode = static_cast<session::TlsMode>(dice.up_to(2));
  tls.client_hello = dice.one_in(2);
  tls.server_hello = dice.one_in(2);
  tls.version = dice.maybe<session::TlsVersion>([&] { return static_cast<session::TlsVersion>(dice.up_to(5)); });
  tls.sni = dice.text();
  tls.client_application_bytes = dice.number<std::uint64_t>();
  tls.server_application_bytes = dice.number<std::uint64_t>();
  tls.client_changed_cipher = dice.one_in(2);
  tls.server_changed_cipher = dice.one_in(2);
  tls.is_server_no_tls = dice.one_in(6);
  tls.is_client_no_tls = dice.one_in(6);
  if (dice.one_in(4)) {
    tls.certificate = session::TlsCertificate{dice.text(), dice.text(), dice.time(), dice.time()};
  }
  for (std::uint64_t left = dice.up_to(2); left > 0; --left) {
    tls.alerts.push_back({.from = dice.side(),
                          .level = dice.number<std::uint8_t>(),
                          .description = dice.maybe<std::uint8_t>([&] { return dice.number<std::uint8_t>(); })});
  }
  session.plain_reply_in_tls = dice.one_in(8) ? std::optional(random_reply(dice)) : std::nullopt;
  session.is_plain_after_starttls = dice.one_in(8);
}

}  // namespace

Session random_session(std::uint64_t seed) {
  Dice dice(seed);
  Session session;
  session.client = {IpAddress::parse("192.0.2.7").value(), Port{40112}};
  session.server = {IpAddress::parse(dice.one_in(3) ? "2001:db8::25" : "203.0.113.9").value(), Port{25}};
  session.first = dice.time();
  session.last = dice.time();
  session.end = dice.time();
  session.ending = static_cast<session::Ending>(dice.up_to(5));
  session.syn_sent = dice.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < std::min(session.syn_sent, 8U); ++i) {
    session.syn_times.push_back(dice.time());
    session.syn_ttls.push_back(dice.ttl());
  }
  session.syn_acks = dice.number<std::uint32_t>();
  session.is_established = dice.one_in(2);
  session.handshake = dice.maybe<Duration>([&] { return dice.duration(); });
  session.server_round_trip = dice.maybe<Duration>([&] { return dice.duration(); });
  session.is_half_open = dice.one_in(8);
  session.is_one_sided = dice.one_in(8);
  session.has_two_answerers = dice.one_in(8);
  session.streams.client = random_stream(dice);
  session.streams.server = random_stream(dice);
  for (std::uint64_t left = dice.one_in(2) ? dice.up_to(3) : 0; left > 0; --left) {
    session.resets.push_back(random_reset(dice));
    ++session.reset_count.of(session.resets.back().from);
  }
  for (std::uint64_t left = dice.one_in(3) ? dice.up_to(3) : 0; left > 0; --left) {
    session.icmp.push_back(random_note(dice));
  }
  session.first_fin = dice.maybe<Side>([&] { return dice.side(); });
  if (!dice.one_in(4)) fill_dialogue(dice, session.dialogue);
  if (dice.one_in(3)) fill_tls(dice, session);
  return session;
}

}  // namespace smtpath::test
