// What the devices of a simulated network answer, and how that comes back.

#include <algorithm>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"
#include "support/network.h"

namespace smtpath::test {

namespace {

using wire::TcpSegment;

// Events hold only what send() let in, so it decodes again.
wire::Packet decoded(std::span<const std::byte> packet) {
  return std::get<wire::Packet>(wire::decode(LinkType::Raw, packet));
}

std::size_t ip_header_length(const IpAddress& address) {
  return address.is_ipv4() ? 20 : 40;
}

// Of a packet from `device` as it arrives at this host; the device may speak in another's name.
wire::IpHeader header_from(const NetworkPath& path, std::size_t device, const IpAddress& source, Ttl initial_ttl) {
  const int hops = path.return_hops(static_cast<int>(device) + 1);
  wire::IpHeader header;
  header.source = source;
  header.destination = path.client;
  header.ttl = initial_ttl - (hops - 1);
  header.dont_fragment = source.is_ipv4();
  return header;
}

}  // namespace

void Network::apply_rule(const Event& event) {
  const Device& device = path_.devices[event.device];
  const wire::Packet packet = decoded(event.packet);
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  const bool is_syn = segment != nullptr && segment->flags.syn;
  const bool is_rst = segment != nullptr && segment->flags.rst;
  const bool is_server = event.device + 1 == path_.devices.size();
  std::visit(Overloaded{
                 [](const Drop&) {},
                 [&](const Reset& reset) {
                   const Ttl initial_ttl = is_server ? device.initial_ttl : reset.initial_ttl;
                   if (is_syn) answer_tcp(event, refusal_of(*segment), initial_ttl);
                 },
                 [&](const Reject& reject) {
                   if (!is_rst) answer_icmp(event, type_code_of(reject.reason, path_.client.family()));
                 },
                 [&](const TakeOver& take_over) {
                   if (segment != nullptr) ask_listener(event, *segment, take_over.initial_ttl);
                 },
                 [&](const SynProxy& proxy) {
                   if (is_syn) answer_tcp(event, proxy_syn_ack(event.at, *segment), proxy.initial_ttl);
                 },
             },
             event.rule->action);
}

void Network::serve(const Event& event) {
  constexpr std::size_t kEchoHeader = 8;
  const Device& device = path_.devices[event.device];
  const wire::Packet packet = decoded(event.packet);
  if (const auto* const segment = std::get_if<TcpSegment>(&packet.payload)) return serve_tcp(event, *segment);
  const auto* const echo = std::get_if<wire::Echo>(&packet.payload);
  if (echo == nullptr || echo->is_reply || !path_.server.answers_echo) return;
  const auto payload = std::span(event.packet).subspan(ip_header_length(path_.client) + kEchoHeader);
  send_back(event,
            echo_packet(header_from(path_, event.device, path_.target(), device.initial_ttl),
                        {.is_reply = true, .identifier = echo->identifier, .sequence = echo->sequence}, payload));
}

void Network::serve_tcp(const Event& event, const TcpSegment& segment) {
  const Ttl initial_ttl = path_.devices[event.device].initial_ttl;
  const Port port = segment.destination_port;
  if (path_.server.passes_on(port)) {
    ask_listener(event, segment, initial_ttl - 1);
  } else if (path_.server.listens_on(port)) {
    ask_listener(event, segment, initial_ttl);
  } else if (segment.flags.syn) {
    answer_tcp(event, refusal_of(segment), initial_ttl);
  }
}

void Network::ask_listener(const Event& event, const TcpSegment& segment, Ttl initial_ttl) {
  Listener& listener = listeners_[event.device];
  const auto answer = listener.handle_segment(event.at, segment);
  if (answer) answer_tcp(event, *answer, initial_ttl);
  await_listener(event.device, initial_ttl);
}

void Network::await_listener(std::size_t device, Ttl initial_ttl) {
  const auto at = listeners_[device].next_timeout();
  if (!at) return;
  events_.add(
      {.at = *at, .what = Happening::WakesListener, .device = device, .ttl = initial_ttl, .rule = {}, .packet = {}});
}

// Woken more often than it has to be: a listener knows what is due.
void Network::wake_listener(const Event& event) {
  while (const auto answer = listeners_[event.device].handle_timeout(event.at)) {
    answer_tcp(event, *answer, event.ttl);
  }
  await_listener(event.device, event.ttl);
}

void Network::answer_tcp(const Event& event, const TcpSegment& answer, Ttl initial_ttl) {
  send_back(event, tcp_packet(header_from(path_, event.device, path_.target(), initial_ttl), answer));
}

void Network::answer_icmp(const Event& event, IcmpTypeCode type_code) {
  const Device& device = path_.devices[event.device];
  if (!takes_token(event.device, event.at)) return;
  send_back(event, icmp_error_packet(header_from(path_, event.device, device.address, device.initial_ttl),
                                     {.type = type_code.type,
                                      .code = type_code.code,
                                      .original = event.packet,
                                      .quoted_ttl = event.ttl,
                                      .quoted_bytes = ip_header_length(path_.client) + device.quoted_payload}));
}

// net/ipv4/inetpeer.c, inet_peer_xrlim_allow
bool Network::takes_token(std::size_t device, Time now) {
  const RateLimit& limit = path_.devices[device].icmp_limit;
  Bucket& bucket = buckets_[device];
  const double elapsed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(limit.burst, bucket.tokens + elapsed * limit.per_second);
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Network::send_back(const Event& event, Bytes packet) {
  Time at = event.at;
  for (std::size_t hop = event.device + 1; hop-- > 0;) {
    const Link& link = path_.devices[hop].link;
    if (is_lost(link.loss_back)) return;
    at += link.latency;
  }
  events_.add({.at = at,
               .what = Happening::ComesBack,
               .device = event.device,
               .ttl = {},
               .rule = {},
               .packet = std::move(packet)});
}

}  // namespace smtpath::test
