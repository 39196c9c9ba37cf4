#include "support/network.h"

#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;
using wire::TcpSegment;

constexpr Duration kAddressResolution = 3s;

std::optional<Port> port_of(const wire::Packet& packet) {
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  if (segment == nullptr) return {};
  return segment->destination_port;
}

bool is_syn(const wire::Packet& packet) {
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  return segment != nullptr && segment->flags.syn;
}

IcmpTypeCode time_exceeded(Family family) {
  return family == Family::Ipv4 ? IcmpTypeCode{11, 0} : IcmpTypeCode{3, 0};
}

}  // namespace

Network::Network(NetworkPath path, std::uint64_t seed)
    : path_(std::move(path)), random_(seed), listeners_(path_.devices.size(), Listener(path_.server.has_timestamps)) {
  for (const Device& device : path_.devices) buckets_.push_back({.tokens = device.icmp_limit.burst, .filled = {}});
}

void Network::send(Time now, std::span<const std::byte> bytes) {
  const auto packet = wire::decode(LinkType::Raw, bytes);
  const auto* const sent = std::get_if<wire::Packet>(&packet);
  if (sent == nullptr || sent->ip.destination != path_.target() || sent->ip.ttl == Ttl{0}) return;

  const std::optional<Port> port = port_of(*sent);
  const std::size_t server = path_.devices.size() - 1;
  std::size_t at = 0;
  Ttl ttl = sent->ip.ttl;
  const auto stop = [&](Happening what, const Rule* rule = nullptr) {
    events_.add(
        {.at = now, .what = what, .device = at, .ttl = ttl, .rule = rule, .packet = {bytes.begin(), bytes.end()}});
  };

  while (true) {
    const Device& device = path_.devices[at];
    now += device.link.latency;
    if (is_lost(device.link.loss_out)) return;
    if (at == server && is_syn(*sent)) syn_arrivals_.push_back({.port = *port, .at = now});
    if (const Rule* const rule = device.rule_for(port, true)) return stop(Happening::RulePicks, rule);
    if (at == server) {
      if (const Rule* const rule = device.rule_for(port, false)) return stop(Happening::RulePicks, rule);
      const bool is_passed_on = port && path_.server.passes_on(*port);
      return stop(is_passed_on && ttl == Ttl{1} ? Happening::Expires : Happening::ReachesServer);
    }
    if (ttl == Ttl{1}) return stop(Happening::Expires);
    ttl = ttl - 1;
    if (const Rule* const rule = device.rule_for(port, false)) return stop(Happening::RulePicks, rule);
    const std::size_t next = device.loops_to ? static_cast<std::size_t>(*device.loops_to) - 1 : at + 1;
    if (next == server && !path_.server.exists) {
      now = resolution_ends(now);
      return stop(Happening::StaysUnresolved);
    }
    at = next;
  }
}

std::optional<Delivery> Network::advance() {
  Event event = events_.take();
  switch (event.what) {
    case Happening::RulePicks:
      apply_rule(event);
      return {};
    case Happening::Expires:
      if (!path_.devices[event.device].is_silent) answer_icmp(event, time_exceeded(path_.client.family()));
      return {};
    case Happening::StaysUnresolved:
      answer_icmp(event, type_code_of(Unreachable::Host, path_.client.family()));
      return {};
    case Happening::ReachesServer:
      serve(event);
      return {};
    case Happening::ComesBack:
      return Delivery{.at = event.at, .packet = std::move(event.packet)};
    case Happening::WakesListener:
      wake_listener(event);
      return {};
  }
  return {};
}

bool Network::is_lost(double probability) {
  return probability > 0 && std::uniform_real_distribution<>()(random_) < probability;
}

// Linux asks three times, a second apart; what comes meanwhile waits, and all of it fails at once.
Time Network::resolution_ends(Time now) {
  if (!resolution_ends_ || now >= *resolution_ends_) resolution_ends_ = now + kAddressResolution;
  return *resolution_ends_;
}

}  // namespace smtpath::test
