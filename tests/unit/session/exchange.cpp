#include "unit/session/exchange.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

constexpr Duration kStep = 1ms;

}  // namespace

Sent Sent::with_ttl(int ttl) const {
  Sent other = *this;
  other.ip.ttl = Ttl{static_cast<std::uint8_t>(ttl)};
  return other;
}

Sent Sent::with_identification(std::uint16_t identification) const {
  Sent other = *this;
  other.ip.identification = identification;
  return other;
}

Sent Sent::with_sequence(std::uint32_t sequence) const {
  Sent other = *this;
  other.tcp.sequence = sequence;
  return other;
}

Sent Sent::with_acknowledgment(std::uint32_t acknowledgment) const {
  Sent other = *this;
  other.tcp.acknowledgment = acknowledgment;
  return other;
}

Sent Sent::with_window(std::uint16_t window) const {
  Sent other = *this;
  other.tcp.window = window;
  return other;
}

Sent Sent::with_text(std::string_view other_text) const {
  Sent other = *this;
  other.text = other_text;
  return other;
}

Sent Sent::again() const {
  constexpr std::uint16_t kLater = 20'000;
  return with_identification(static_cast<std::uint16_t>(ip.identification + kLater));
}

Bytes Sent::bytes() const {
  wire::TcpSegment segment = tcp;
  segment.payload = std::as_bytes(std::span(text));
  return tcp_packet(ip, segment);
}

Exchange::Exchange(const Setting& setting, const session::Options& options) : observer_(options) {
  begin_anew(setting);
}

void Exchange::begin_anew(const Setting& setting) {
  const bool is_ipv4 = setting.family == Family::Ipv4;
  peers_.client = {{*IpAddress::parse(is_ipv4 ? "192.0.2.2" : "2001:db8::2"), setting.client_port}, setting.client_isn};
  peers_.server = {{*IpAddress::parse(is_ipv4 ? "203.0.113.9" : "2001:db8::9"), setting.server_port},
                   setting.server_isn};
  router_ = *IpAddress::parse(is_ipv4 ? "198.51.100.1" : "2001:db8::1");
}

Sent Exchange::segment(Side from, wire::TcpFlags flags) const {
  constexpr std::uint16_t kWindow = 29'200;
  constexpr Ttl kClientTtl{64};
  constexpr Ttl kServerTtl{52};
  const Peer& sender = peers_.of(from);
  const Peer& receiver = peers_.of(other(from));
  Sent sent;
  sent.ip = {.source = sender.endpoint.address,
             .destination = receiver.endpoint.address,
             .ttl = from == Side::Client ? kClientTtl : kServerTtl,
             .dont_fragment = true};
  if (sent.ip.source.is_ipv4()) sent.ip.identification = ++identifications_.of(from);
  sent.tcp.source_port = sender.endpoint.port;
  sent.tcp.destination_port = receiver.endpoint.port;
  sent.tcp.sequence = sender.next;
  sent.tcp.flags = flags;
  if (flags.ack) sent.tcp.acknowledgment = receiver.next;
  sent.tcp.window = flags.rst ? std::uint16_t{0} : kWindow;
  return sent;
}

Sent Exchange::syn() {
  Sent sent = segment(Side::Client, {.syn = true});
  sent.tcp.options.mss = 1460;
  ++peer(Side::Client).next;
  return sent;
}

Sent Exchange::syn_ack() {
  Sent sent = segment(Side::Server, {.syn = true, .ack = true});
  sent.tcp.options.mss = 1400;
  ++peer(Side::Server).next;
  return sent;
}

Sent Exchange::ack(Side from) const {
  return segment(from, {.ack = true});
}

Sent Exchange::fin(Side from) {
  const Sent sent = segment(from, {.fin = true, .ack = true});
  ++peer(from).next;
  return sent;
}

Sent Exchange::rst(Side from) const {
  return segment(from, {.rst = true, .ack = true});
}

Sent Exchange::says(Side from, std::string_view text) {
  const Sent sent = segment(from, {.psh = true, .ack = true}).with_text(text);
  peer(from).next += static_cast<std::uint32_t>(text.size());
  return sent;
}

void Exchange::show(const Sent& sent) {
  show_bytes(sent.bytes());
}

void Exchange::show_cut(const Sent& sent, std::size_t bytes) {
  Bytes packet = sent.bytes();
  packet.resize(packet.size() - sent.text.size() + bytes);
  show_bytes(packet);
}

void Exchange::show_icmp(const Sent& about, const IcmpErrorFields& error) {
  const Bytes original = about.bytes();
  IcmpErrorFields fields = error;
  fields.original = original;
  show_bytes(icmp_error_packet({.source = router_, .destination = about.ip.source, .ttl = Ttl{60}}, fields));
}

void Exchange::show_bytes(const Bytes& packet) {
  now_ += kStep;
  shown_.emplace_back(now_, packet);
  const wire::Decoded decoded = wire::decode(LinkType::Raw, packet);
  const auto* const shown = std::get_if<wire::Packet>(&decoded);
  assert(shown);
  if (shown) observer_.handle_packet(now_, *shown);
}

void Exchange::connect() {
  show(syn());
  show(syn_ack());
  show(ack(Side::Client));
}

void Exchange::close() {
  show(fin(Side::Client));
  show(fin(Side::Server));
  show(ack(Side::Client));
}

std::vector<session::Session> Exchange::ended() {
  std::vector<session::Session> sessions;
  while (std::optional<session::Session> session = observer_.poll_ended()) sessions.push_back(std::move(*session));
  return sessions;
}

std::vector<session::Session> Exchange::sessions() {
  observer_.finish(now_);
  return ended();
}

session::Session Exchange::session() {
  std::vector<session::Session> all = sessions();
  assert(all.size() == 1);
  return all.empty() ? session::Session{} : std::move(all.front());
}

}  // namespace smtpath::test
