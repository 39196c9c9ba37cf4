#include "support/mail_connection.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "support/byte_writer.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr Duration kThought = 180us;
constexpr Duration kKernel = 40us;
constexpr std::uint16_t kFirstWindow = 64'240;
constexpr std::uint16_t kLinuxWindow = 502;
constexpr std::uint8_t kWindowScale = 7;

/// A number that differs from connection to connection and is the same each time.
std::uint32_t drawn_from(const Peer& peer, std::uint32_t salt) {
  constexpr std::uint32_t kOffset = 2'166'136'261U;
  constexpr std::uint32_t kPrime = 16'777'619U;
  std::uint32_t number = kOffset ^ salt;
  const auto mix = [&](std::uint32_t byte) { number = (number ^ byte) * kPrime; };
  for (const std::byte byte : peer.address.bytes()) mix(std::to_integer<std::uint32_t>(byte));
  mix(peer.port.number & 0xffU);
  mix(std::uint32_t{peer.port.number} >> 8);
  return number;
}

}  // namespace

MailConnection::MailConnection(Recording& recording, const ConnectionSpec& spec)
    : recording_(recording), now_(spec.begins), began_(spec.begins), round_trip_(spec.round_trip) {
  constexpr std::uint32_t kSequenceSalt = 0x5e9;
  constexpr std::uint32_t kClockSalt = 0xc10c;
  constexpr std::uint32_t kIdentificationSalt = 0x1d;
  client_.peer = spec.client;
  server_.peer = spec.server;
  // A server's numbers differ from one client to the next.
  for (End* end : {&client_, &server_}) {
    const std::uint32_t salt = end == &server_ ? spec.client.port.number : 0;
    end->next = end->peer.initial_sequence.value_or(drawn_from(end->peer, kSequenceSalt + salt));
    end->clock = drawn_from(end->peer, kClockSalt + salt);
    end->identification = static_cast<std::uint16_t>(drawn_from(end->peer, kIdentificationSalt + salt));
    end->window = kLinuxWindow;
    end->last_sent = now_;
  }
}

MailConnection& MailConnection::syn() {
  if (client_.last_packet.empty()) client_.first_sequence = client_.next++;
  send(Side::Client, {.sequence = client_.first_sequence, .flags = {.syn = true}, .is_opening = true});
  return *this;
}

MailConnection& MailConnection::syn_ack() {
  travel(Side::Server);
  if (server_.last_packet.empty()) server_.first_sequence = server_.next++;
  server_.acknowledged = client_.next;
  send(Side::Server, {.sequence = server_.first_sequence, .flags = {.syn = true, .ack = true}, .is_opening = true});
  return *this;
}

MailConnection& MailConnection::says(Side side, std::string_view lines) {
  std::string text(lines);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
  return sends(side, bytes_of(text + "\r\n"));
}

MailConnection& MailConnection::sends(Side side, std::span<const std::byte> bytes) {
  constexpr std::size_t kTimestampsLength = 12;
  const bool has_timestamps = client_.peer.has_timestamps && server_.peer.has_timestamps;
  const std::size_t longest = std::min(client_.peer.mss, server_.peer.mss) - (has_timestamps ? kTimestampsLength : 0);
  travel(side);
  now_ += kThought;
  End& end = end_of(side);
  if (!end.is_deaf) end.acknowledged = end_of(session::other(side)).next;
  end.first_sequence = end.next;
  end.first_payload =
      Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(longest, bytes.size())));
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(longest, bytes.size()));
    const bool is_last = part.size() == bytes.size();
    send(side, {.sequence = end.next, .flags = {.psh = is_last, .ack = true}, .payload = part});
    end.next += static_cast<std::uint32_t>(part.size());
    bytes = bytes.subspan(part.size());
  }
  if (side == Side::Server && !client_.is_deaf && !server_.is_hidden) acknowledges(Side::Client);
  return *this;
}

MailConnection& MailConnection::repeats(Side side) {
  End& end = end_of(side);
  send(side, {.sequence = end.first_sequence, .flags = {.psh = true, .ack = true}, .payload = end.first_payload});
  return *this;
}

MailConnection& MailConnection::acknowledges(Side side) {
  travel(side);
  now_ += kKernel;
  if (!end_of(side).is_deaf) end_of(side).acknowledged = end_of(session::other(side)).next;
  send(side, {.sequence = end_of(side).next});
  return *this;
}

MailConnection& MailConnection::hides(Side side, bool is_hidden) {
  end_of(side).is_hidden = is_hidden;
  return *this;
}

MailConnection& MailConnection::delays_next(Side side, Duration time) {
  end_of(side).delay = time;
  return *this;
}

MailConnection& MailConnection::goes_deaf(Side side, bool is_deaf) {
  end_of(side).is_deaf = is_deaf;
  return *this;
}

MailConnection& MailConnection::announces_window(Side side, std::uint16_t window) {
  end_of(side).window = window;
  return acknowledges(side);
}

MailConnection& MailConnection::keeps_alive(Side side) {
  send(side, {.sequence = end_of(side).next - 1});
  return *this;
}

MailConnection& MailConnection::waits(Duration time) {
  now_ += time;
  return *this;
}

MailConnection& MailConnection::finishes(Side side) {
  travel(side);
  now_ += kKernel;
  End& end = end_of(side);
  if (!end.is_deaf) end.acknowledged = end_of(session::other(side)).next;
  send(side, {.sequence = end.next, .flags = {.fin = true, .ack = true}});
  ++end.next;
  return *this;
}

MailConnection& MailConnection::closes(Side side) {
  return finishes(side).finishes(session::other(side)).acknowledges(side);
}

MailConnection& MailConnection::resets(Side side, const ResetLook& look) {
  travel(side);
  now_ += kKernel;
  const End& end = end_of(side);
  wire::IpHeader ip = ip_from(side);
  if (look.ttl) ip.ttl = *look.ttl;
  if (look.identification) ip.identification = *look.identification;
  wire::TcpSegment segment{.source_port = end.peer.port,
                           .destination_port = end_of(session::other(side)).peer.port,
                           .sequence = end.next + static_cast<std::uint32_t>(look.sequence_offset),
                           .acknowledgment = end.acknowledged,
                           .flags = {.rst = true, .ack = true},
                           .window = look.window.value_or(end.window)};
  if (look.has_timestamps && end.peer.has_timestamps) {
    segment.options.timestamps = wire::TcpTimestamps{end.clock, end.last_clock_seen};
  }
  record(side, tcp_packet(ip, segment));
  return *this;
}

MailConnection& MailConnection::refuses(Side side) {
  travel(side);
  now_ += kKernel;
  const End& end = end_of(side);
  const End& other = end_of(session::other(side));
  wire::IpHeader ip = ip_from(side);
  ip.identification = 0;
  // What carries an ACK is answered with its number, what does not with an ACK of its end (RFC 9293 section 3.5.2).
  const bool is_opening = server_.last_packet.empty();
  record(side, tcp_packet(ip, {.source_port = end.peer.port,
                               .destination_port = other.peer.port,
                               .sequence = is_opening ? 0 : other.acknowledged,
                               .acknowledgment = is_opening ? other.next : 0,
                               .flags = {.rst = true, .ack = is_opening}}));
  return *this;
}

MailConnection& MailConnection::draws_error(const ErrorLook& look) {
  now_ = std::max(now_, client_.last_sent + round_trip_ / 2);
  recording_.add(
      {.at = now_,
       .bytes = icmp_error_packet({.source = look.from, .destination = client_.peer.address, .ttl = look.ttl},
                                  {.type = look.type,
                                   .code = look.code,
                                   .rest = look.rest,
                                   .original = client_.last_packet,
                                   .quoted_ttl = look.quoted_ttl,
                                   .quoted_bytes = look.quoted_bytes})});
  return *this;
}

/// What the server does follows from what reached it half a round trip after it was sent, and is seen half one later.
void MailConnection::travel(Side side) {
  if (side == Side::Server) now_ = std::max(now_, client_.last_sent + round_trip_);
}

wire::IpHeader MailConnection::ip_from(Side side) {
  End& end = end_of(side);
  const bool is_ipv4 = end.peer.address.is_ipv4();
  return {.source = end.peer.address,
          .destination = end_of(session::other(side)).peer.address,
          .ttl = end.peer.ttl,
          .identification = is_ipv4 ? end.identification++ : std::uint16_t{0},
          .dont_fragment = is_ipv4};
}

void MailConnection::send(Side side, const Segment& segment) {
  End& end = end_of(side);
  End& other = end_of(session::other(side));
  wire::IpHeader ip = ip_from(side);
  // Linux: a SYN-ACK has ID 0.
  if (segment.flags.syn && segment.flags.ack) ip.identification = 0;
  const bool is_syn = segment.flags.syn && !segment.flags.ack;
  wire::TcpSegment tcp{.source_port = end.peer.port,
                       .destination_port = other.peer.port,
                       .sequence = segment.sequence,
                       .acknowledgment = segment.flags.ack ? end.acknowledged : 0,
                       .flags = segment.flags,
                       .window = segment.is_opening ? kFirstWindow : end.window,
                       .payload = segment.payload,
                       .payload_length = static_cast<std::uint32_t>(segment.payload.size())};
  if (segment.is_opening) {
    tcp.options.mss = end.peer.mss;
    tcp.options.sack_permitted = true;
    tcp.options.window_scale = kWindowScale;
  }
  if (end.peer.has_timestamps && (is_syn || other.peer.has_timestamps)) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - began_).count();
    const std::uint32_t clock = end.clock + static_cast<std::uint32_t>(elapsed);
    tcp.options.timestamps = wire::TcpTimestamps{clock, segment.flags.ack ? end.last_clock_seen : 0};
    if (!other.is_deaf) other.last_clock_seen = clock;
  }
  record(side, tcp_packet(ip, tcp));
  end.last_sent = now_;
}

void MailConnection::record(Side side, Bytes packet) {
  constexpr Duration kBackToBack = 3us;
  now_ += kBackToBack;
  End& end = end_of(side);
  end.last_packet = packet;
  const Time at = now_ + std::exchange(end.delay, Duration{});
  if (!end.is_hidden) recording_.add({.at = at, .bytes = std::move(packet), .is_outgoing = side == Side::Client});
}

}  // namespace smtpath::test
