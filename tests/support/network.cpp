#include "support/network.h"

#include <algorithm>
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

Network::Network(NetworkPath path, std::uint64_t seed) : path_(std::move(path)), random_(seed) {
  plant();
  listeners_.assign(nodes_.size(), Listener(path_.server.habits));
  for (const Node& node : nodes_) buckets_.push_back({.tokens = node.device->icmp_limit.burst, .filled = {}});
}

void Network::plant() {
  for (const Device& device : path_.devices) {
    const std::size_t here = nodes_.size();
    nodes_.push_back({.device = &device, .hop = static_cast<int>(here) + 1, .before = {}});
    if (here > 0) nodes_.back().before = here - 1;
  }
  nodes_.back().is_host = true;
  for (const Detour& detour : path_.detours) {
    std::size_t before = static_cast<std::size_t>(detour.at) - 1;
    for (const Device& device : detour.devices) {
      nodes_.push_back({.device = &device, .hop = nodes_[before].hop + 1, .before = before, .detour = &detour});
      before = nodes_.size() - 1;
    }
    nodes_.back().is_host = true;
  }
}

// Where packets that `detour` leads (null: no one) go from a router.
std::size_t Network::after(std::size_t node, const Detour* detour) const {
  if (detour == nullptr || nodes_[node].detour != nullptr || nodes_[node].hop != detour->at) return node + 1;
  const auto first =
      std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& each) { return each.detour == detour; });
  return static_cast<std::size_t>(first - nodes_.begin());
}

// The detour that packets to the port are on when they are at this device: its translation is behind them.
const Detour* Network::detour_at(std::size_t node, std::optional<Port> port) const {
  const Detour* const detour = port ? path_.detour_of(*port) : nullptr;
  return detour != nullptr && nodes_[node].hop >= detour->at ? detour : nullptr;
}

Duration Network::latency_of(const Link& link) {
  if (link.jitter == Duration{}) return link.latency;
  return link.latency + Duration(std::uniform_int_distribution<Duration::rep>(0, link.jitter.count())(random_));
}

void Network::send(Time now, std::span<const std::byte> bytes) {
  const auto packet = wire::decode(LinkType::Raw, bytes);
  const auto* const sent = std::get_if<wire::Packet>(&packet);
  if (sent == nullptr || sent->ip.destination != path_.target() || sent->ip.ttl == Ttl{0}) return;

  const std::optional<Port> port = port_of(*sent);
  const Detour* const detour = port ? path_.detour_of(*port) : nullptr;
  std::size_t at = 0;
  Ttl ttl = sent->ip.ttl;
  const auto happens = [&](Happening what, const Rule* rule = nullptr) {
    events_.add(
        {.at = now, .what = what, .device = at, .ttl = ttl, .rule = rule, .packet = {bytes.begin(), bytes.end()}});
  };
  // Whether a rule of this stage ends the packet's way.
  const auto is_picked = [&](bool before_ttl_check) {
    const Rule* const rule = nodes_[at].device->rule_for(port, before_ttl_check);
    if (rule != nullptr) happens(Happening::RulePicks, rule);
    return rule != nullptr && !std::holds_alternative<Inject>(rule->action);
  };

  while (true) {
    const Device& device = *nodes_[at].device;
    now += latency_of(device.link);
    if (is_lost(device.link.loss_out)) return;
    if (is_server(at) && is_syn(*sent)) syn_arrivals_.push_back({.port = *port, .at = now});
    if (is_picked(true)) return;
    if (nodes_[at].is_host) {
      if (is_picked(false)) return;
      const bool is_passed_on = is_server(at) && port && path_.server.passes_on(*port);
      return happens(is_passed_on && ttl == Ttl{1} ? Happening::Expires : Happening::ReachesServer);
    }
    if (ttl == Ttl{1}) return happens(Happening::Expires);
    ttl = ttl - 1;
    if (is_picked(false)) return;
    const std::size_t next = device.loops_to ? static_cast<std::size_t>(*device.loops_to) - 1 : after(at, detour);
    if (is_server(next) && !path_.server.exists) {
      now = resolution_ends(now);
      return happens(Happening::StaysUnresolved);
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
      if (!nodes_[event.device].device->is_silent) answer_icmp(event, time_exceeded(path_.client.family()));
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
