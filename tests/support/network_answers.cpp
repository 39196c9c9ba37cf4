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

TcpSegment reset_of(Inject::Form form, const TcpSegment& syn) {
  switch (form) {
    case Inject::Form::Proper:
      return refusal_of(syn);
    case Inject::Form::Bare:
      return bare_reset(syn);
    case Inject::Form::AcknowledgesSequence: {
      TcpSegment reset = refusal_of(syn);
      reset.acknowledgment = syn.sequence;
      return reset;
    }
  }
  return {};
}

// As an error about it quotes it.
Bytes original_of(const Event& event) {
  return event.changes.empty() ? event.packet : as_quoted(event.packet, event.changes);
}

// Ports and sequence number, so that it fits no probe.
void alter(std::span<std::byte> transport) {
  constexpr std::size_t kQuotedAtLeast = 8;
  for (std::byte& byte : transport.first(kQuotedAtLeast)) byte ^= std::byte{0x5a};
}

}  // namespace

void Network::apply_rule(const Event& event) {
  const Device& device = *nodes_[event.device].device;
  const wire::Packet packet = decoded(event.packet);
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  const bool is_syn = segment != nullptr && segment->flags.syn;
  const bool is_rst = segment != nullptr && segment->flags.rst;
  std::visit(Overloaded{
                 [](const Drop&) {},
                 [&](const Reset& reset) {
                   const Ttl initial_ttl = is_server(event.device) ? device.initial_ttl : reset.initial_ttl;
                   if (is_syn)
                     answer_tcp(event, reset.is_bare ? bare_reset(*segment) : refusal_of(*segment), initial_ttl);
                 },
                 [&](const Inject& inject) {
                   if (is_syn) inject_reset(event, inject, *segment);
                 },
                 [&](const InjectError& inject) {
                   if (!is_rst) inject_error(event, inject);
                 },
                 [](const LimitRate&) {},
                 [&](const Reject& reject) {
                   if (!is_rst) answer_icmp(event, type_code_of(reject.reason, path_.client.family()));
                 },
                 [&](const TakeOver& action) {
                   if (segment != nullptr) take_over(event, *segment, action.initial_ttl);
                 },
                 [&](const SynProxy& proxy) {
                   if (is_syn) answer_tcp(event, proxy_syn_ack(event.at, *segment), proxy.initial_ttl);
                 },
             },
             event.rule->action);
}

void Network::inject_reset(const Event& event, const Inject& inject, const TcpSegment& syn) {
  constexpr Duration kBetweenCopies = std::chrono::milliseconds(1);
  wire::IpHeader header = header_from(event.device, event.destination, inject.initial_ttl);
  if (inject.copies_ttl) {
    const int crossed = path_.return_hops(nodes_[event.device].hop) - 1;
    if (event.ttl.hops <= crossed) return;  // its time ends on the way back
    header.ttl = event.ttl - crossed;
  }
  const Bytes reset = tcp_packet(header, changed_back(reset_of(inject.form, syn), event.changes));
  for (int i = 0; i < inject.times; ++i) send_back(event.at + inject.delay + i * kBetweenCopies, event.device, reset);
}

// Nothing rations what a forger sends.
void Network::inject_error(const Event& event, const InjectError& inject) {
  const Device& device = *nodes_[event.device].device;
  const IcmpTypeCode type_code = type_code_of(inject.reason, path_.client.family());
  const std::size_t header_length = ip_header_length(path_.client);
  Bytes original = original_of(event);
  if (inject.alters_quote) alter(std::span(original).subspan(header_length));
  const auto header = header_from(event.device, inject.from.value_or(event.destination), device.initial_ttl);
  send_back(event.at, event.device,
            icmp_error_packet(header, {.type = type_code.type,
                                       .code = type_code.code,
                                       .original = original,
                                       .quoted_ttl = event.ttl,
                                       .quoted_bytes = header_length + device.quoted_payload}));
}

// Of connections to another address than the target no state is kept: that they are answered is all there is to see.
void Network::take_over(const Event& event, const TcpSegment& segment, Ttl initial_ttl) {
  if (event.destination == path_.target()) return ask_listener(event, segment, initial_ttl);
  const auto answer = Listener({.uses_syn_cookies = true}).handle_segment(event.at, segment);
  if (answer) answer_tcp(event, *answer, initial_ttl);
}

void Network::serve(const Event& event) {
  constexpr std::size_t kEchoHeader = 8;
  const Device& device = *nodes_[event.device].device;
  const wire::Packet packet = decoded(event.packet);
  if (const auto* const segment = std::get_if<TcpSegment>(&packet.payload)) return serve_tcp(event, *segment);
  const auto* const echo = std::get_if<wire::Echo>(&packet.payload);
  if (echo == nullptr || echo->is_reply || !path_.server.answers_echo) return;
  const auto payload = std::span(event.packet).subspan(ip_header_length(path_.client) + kEchoHeader);
  send_back(event.at, event.device,
            echo_packet(header_from(event.device, path_.target(), device.initial_ttl),
                        {.is_reply = true, .identifier = echo->identifier, .sequence = echo->sequence}, payload));
}

void Network::serve_tcp(const Event& event, const TcpSegment& segment) {
  const Node& node = nodes_[event.device];
  const Port port = segment.destination_port;
  const bool is_passed_on = node.detour == nullptr && path_.server.passes_on(port);
  const bool is_open = node.detour == nullptr ? path_.server.is_open(port) : node.detour->is_open;
  const Ttl initial_ttl = node.device->initial_ttl - (is_passed_on ? 1 : 0);
  if (is_open) {
    if (node.detour == nullptr && segment.flags.syn && has_full_queue(port, event.at)) return;
    ask_listener(event, segment, initial_ttl);
  } else if (segment.flags.syn) {
    answer_tcp(event, refusal_of(segment), initial_ttl);
  }
}

bool Network::has_full_queue(Port port, Time now) {
  const Server& server = path_.server;
  if (server.queue_is_full <= 0) return false;
  const auto [place, is_new] = queues_.try_emplace(port);
  Queue& queue = place->second;
  if (is_new) queue.until = now - drawn_below(server.queue_changes);
  if (now >= queue.until) {
    queue.until += ((now - queue.until) / server.queue_changes + 1) * server.queue_changes;
    queue.is_full = std::uniform_real_distribution<>()(other_random_) < server.queue_is_full;
  }
  return queue.is_full;
}

// Of a packet as it arrives at this host; the device may speak in another's name.
wire::IpHeader Network::header_from(std::size_t node, const IpAddress& source, Ttl initial_ttl) const {
  const int hops = std::max(1, nodes_[node].hop + nodes_[node].device->extra_return_hops);
  wire::IpHeader header;
  header.source = source;
  header.destination = path_.client;
  header.ttl = initial_ttl - (hops - 1);
  header.dont_fragment = source.is_ipv4();
  return header;
}

IpAddress Network::error_source(const Event& event) const {
  const Device& device = *nodes_[event.device].device;
  if (device.speaks_as_target) return path_.target();
  const wire::Packet packet = decoded(event.packet);
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  if (segment == nullptr) return device.address;
  const Detour* const detour = detour_at(event.device, segment->destination_port);
  if (detour != nullptr && detour->translates_errors) return path_.target();
  const std::size_t choice = segment->source_port.number % (device.other_addresses.size() + 1);
  return choice == 0 ? device.address : device.other_addresses[choice - 1];
}

void Network::ask_listener(const Event& event, const TcpSegment& segment, Ttl initial_ttl) {
  if (!event.changes.empty()) changes_of_[{segment.source_port, segment.destination_port}] = event.changes;
  Listener& listener = listeners_[event.device];
  const auto answer = listener.handle_segment(event.at, segment);
  if (answer) answer_tcp(event, *answer, initial_ttl);
  await_listener(event.device, initial_ttl);
}

void Network::await_listener(std::size_t device, Ttl initial_ttl) {
  const auto at = listeners_[device].next_timeout();
  if (!at) return;
  events_.add({.at = *at,
               .what = Happening::WakesListener,
               .device = device,
               .ttl = initial_ttl,
               .rule = {},
               .packet = {},
               .destination = path_.target()});
}

// Woken more often than it has to be: a listener knows what is due.
void Network::wake_listener(const Event& event) {
  while (const auto answer = listeners_[event.device].handle_timeout(event.at)) {
    Event asked = event;
    if (const auto found = changes_of_.find({answer->destination_port, answer->source_port});
        found != changes_of_.end())
      asked.changes = found->second;
    answer_tcp(asked, *answer, event.ttl);
  }
  await_listener(event.device, event.ttl);
}

void Network::answer_tcp(const Event& event, const TcpSegment& answer, Ttl initial_ttl) {
  send_back(event.at, event.device,
            tcp_packet(header_from(event.device, event.destination, initial_ttl), changed_back(answer, event.changes)));
}

void Network::answer_icmp(const Event& event, IcmpTypeCode type_code) {
  const Device& device = *nodes_[event.device].device;
  if (!takes_token(buckets_[event.device], device.icmp_limit, event.at)) return;
  const Bytes original = original_of(event);
  send_back(event.at, event.device,
            icmp_error_packet(header_from(event.device, error_source(event), device.initial_ttl),
                              {.type = type_code.type,
                               .code = type_code.code,
                               .original = original,
                               .quoted_ttl = event.ttl,
                               .quoted_bytes = ip_header_length(path_.client) + device.quoted_payload,
                               .mpls = device.mpls}));
}

// net/ipv4/inetpeer.c, inet_peer_xrlim_allow
bool Network::takes_token(Bucket& bucket, const RateLimit& limit, Time now) {
  const Time then = std::max(now, bucket.filled);
  const double elapsed = std::chrono::duration<double>(then - bucket.filled).count();
  bucket.tokens = std::min(limit.burst, bucket.tokens + elapsed * limit.per_second);
  bucket.filled = then;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Network::send_back(Time at, std::size_t device, const Bytes& packet) {
  constexpr Duration kBetweenCopies = std::chrono::milliseconds(1);
  bool is_doubled = false;
  for (std::optional<std::size_t> node = device; node; node = nodes_[*node].before) {
    const Link& link = nodes_[*node].device->link;
    if (is_lost(link.loss_back)) return;
    at += link.latency;
    is_doubled |= link.doubles_back;
  }
  const auto arrives = [&](Time then) {
    events_.add({.at = then,
                 .what = Happening::ComesBack,
                 .device = device,
                 .ttl = {},
                 .rule = {},
                 .packet = packet,
                 .destination = path_.client});
  };
  if (is_doubled) arrives(at + kBetweenCopies);
  arrives(at);
}

}  // namespace smtpath::test
