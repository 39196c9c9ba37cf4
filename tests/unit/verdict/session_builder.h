#pragma once

// Sessions made by hand, as an observer of packets would have filled them. Each step takes a little time; waits() takes
// more.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "smtpath/session/session.h"

namespace smtpath::test {

class SessionBuilder {
 public:
  /// Nothing has been captured yet; the capture ends with it.
  explicit SessionBuilder(std::uint16_t server_port = 25, std::string_view server = "203.0.113.9");

  /// A SYN, and again, after waits of 1, 2, 4, ... seconds.
  SessionBuilder& syns(int count, std::uint8_t ttl = 64);
  SessionBuilder& syn_ack();
  /// SYN, SYN-ACK a round trip later, ACK at once.
  SessionBuilder& opened();
  SessionBuilder& waits(Duration duration);

  SessionBuilder& greeted(std::uint16_t code = 220, std::string text = "mx.example.com ESMTP");
  /// A command, acknowledged and without a reply so far.
  SessionBuilder& asks(smtp::Verb verb);
  /// The reply to what was asked last.
  SessionBuilder& answers(std::uint16_t code, std::string text = "ok");
  /// A command and its reply.
  SessionBuilder& asks(smtp::Verb verb, std::uint16_t code, std::string text = "ok");
  /// EHLO and its reply, which offers STARTTLS or not.
  SessionBuilder& hello(bool offers_starttls = true);
  /// A whole message in DATA, its end answered with `code`; 0: not answered.
  SessionBuilder& message(std::uint16_t code, std::string text = "queued");

  SessionBuilder& client_hello(session::TlsMode mode);
  SessionBuilder& server_hello(session::TlsVersion version = session::TlsVersion::Tls13);
  SessionBuilder& tls_established();
  SessionBuilder& alert(session::Side from, std::uint8_t description);

  /// Payload of `size` bytes, sent so often by `side` and never acknowledged, a second and more apart.
  SessionBuilder& sends_in_vain(session::Side side, std::uint32_t size, std::uint32_t times);
  SessionBuilder& icmp(std::string_view from, std::uint8_t type, std::uint8_t code, std::uint32_t mtu = 0);

  /// FINs of both sides, this one's first.
  SessionBuilder& closed_by(session::Side first);
  /// A reset with the marks of the sender's other packets.
  SessionBuilder& reset_by(session::Side from);
  /// The reset that was added last, to be changed.
  session::Reset& last_reset() { return session_.resets.back(); }

  session::Session& edit() { return session_; }
  Time now() const { return now_; }
  /// The capture ends here.
  session::Session session() const;

 private:
  session::Stream& of(session::Side side) { return session_.streams.of(side); }
  void sent(session::Side side, std::uint32_t payload);
  void pass(Duration duration);

  session::Session session_;
  Time now_;
};

}  // namespace smtpath::test
