#pragma once

// A TCP connection between a client (192.0.2.2:40001) and a mail server (203.0.113.9:25), shown to an observer segment
// by segment, in the words of the domain:
//
//   Exchange talk;
//   talk.connect();
//   talk.server_says("220 mx.example.com ESMTP\r\n");
//   talk.show(talk.rst(Side::Server).with_ttl(44));
//   EXPECT_EQ(talk.session().resets.size(), 1U);
//
// Each segment comes a millisecond after the one before. Building one moves its sender on, whether it is shown or not.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/session/observer.h"
#include "support/packets.h"

namespace smtpath::test {

using session::Side;
using namespace std::chrono_literals;

/// A segment ready to be changed.
struct Sent {
  wire::IpHeader ip;
  wire::TcpSegment tcp;
  std::string text;

  Sent with_ttl(int ttl) const;
  Sent with_identification(std::uint16_t identification) const;
  Sent with_sequence(std::uint32_t sequence) const;
  Sent with_acknowledgment(std::uint32_t acknowledgment) const;
  Sent with_window(std::uint16_t window) const;
  Sent with_text(std::string_view other) const;
  /// Another packet with the same contents, as a sender repeats it.
  Sent again() const;
  Bytes bytes() const;
};

/// Where the two are and how they begin.
struct Setting {
  Family family = Family::Ipv4;
  Port client_port{40001};
  Port server_port{25};
  std::uint32_t client_isn = 1000;
  std::uint32_t server_isn = 5'000'000;
};

class Exchange {
 public:
  explicit Exchange(const Setting& setting = {}, const session::Options& options = {});

  // What a side sends next.
  Sent syn();
  Sent syn_ack();
  Sent ack(Side from) const;
  Sent fin(Side from);
  Sent rst(Side from) const;
  Sent says(Side from, std::string_view text);

  /// The capture shows it.
  void show(const Sent& sent);
  /// All but the first so many bytes were cut off the frame.
  void show_cut(const Sent& sent, std::size_t bytes);
  /// An ICMP error of a router about it, of which so many bytes are quoted.
  void show_icmp(const Sent& about, const IcmpErrorFields& error);
  void show_bytes(const Bytes& packet);
  void wait(Duration duration) { now_ += duration; }

  /// SYN, SYN-ACK, ACK.
  void connect();
  void client_says(std::string_view text) { show(says(Side::Client, text)); }
  void server_says(std::string_view text) { show(says(Side::Server, text)); }
  /// Both FINs and their acknowledgments.
  void close();

  /// This connection again, from its SYN on, with another port or number.
  void begin_anew(const Setting& setting);

  session::Observer& observer() { return observer_; }
  Time now() const { return now_; }
  const IpAddress& router() const { return router_; }
  std::vector<session::Session> ended();
  /// What has ended, and at the end of the capture the rest.
  std::vector<session::Session> sessions();
  /// The only one.
  session::Session session();
  /// Every packet so far with its time.
  const std::vector<std::pair<Time, Bytes>>& shown() const { return shown_; }

 private:
  struct Peer {
    session::Endpoint endpoint;
    std::uint32_t next = 0;
    std::uint16_t identification = 0;
  };
  Peer& peer(Side side) { return peers_.of(side); }
  Sent segment(Side from, wire::TcpFlags flags) const;
  Sent numbered(Sent sent);

  IpAddress router_;
  session::Both<Peer> peers_;
  mutable session::Both<std::uint16_t> identifications_;
  session::Observer observer_;
  Time now_{std::chrono::seconds(1'700'000'000)};
  std::vector<std::pair<Time, Bytes>> shown_;
};

}  // namespace smtpath::test
