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

IcmpTypeCode time_exceeded(Family family) {
  return family == Family::Ipv4 ? IcmpTypeCode{11, 0} : IcmpTypeCode{3, 0};
}

}  // namespace

struct Network::Travel {
  Time now;
  Ttl ttl;
  std::size_t at = 0;
  std::span<const std::byte> bytes;
  std::optional<Port> port;
  FlowKey flow;
  const Detour* detour = nullptr;
  bool is_syn = false;
};

Network::Network(NetworkPath path, std::uint64_t seed) : path_(std::move(path)), random_(seed), other_random_(~seed) {
  plant();
  listeners_.assign(nodes_.size(), Listener(path_.server.habits));
  for (const Node& node : nodes_) buckets_.push_back({.tokens = node.device->icmp_limit.burst, .filled = {}});
}

void Network::plant() {
  for (const Device& device : path_.devices) {
    const std::size_t here = nodes_.size();
    nodes_.push_back({.device = &device, .hop = static_cast<int>(here) + 1, .before = {}, .next = here + 1});
    if (here > 0) nodes_.back().before = here - 1;
  }
  nodes_.back().is_host = true;
  plant_detours();
  plant_splits();
}

void Network::plant_detours() {
  for (const Detour& detour : path_.detours) {
    plant_row(detour.devices, static_cast<std::size_t>(detour.at) - 1, &detour);
    nodes_.back().is_host = true;
  }
}

void Network::plant_splits() {
  for (const Split& split : path_.splits) {
    const auto router = static_cast<std::size_t>(split.at) - 1;
    nodes_[router].split = &split;
    nodes_[router].first_branch = nodes_.size();
    for (const std::vector<Device>& branch : split.others) {
      const std::size_t last = plant_row(branch, router, nullptr);
      nodes_[last].next = router + 1 + branch.size();
    }
  }
}

// Devices one behind another; the last one of them.
std::size_t Network::plant_row(std::span<const Device> devices, std::size_t before, const Detour* detour) {
  for (const Device& device : devices) {
    const std::size_t here = nodes_.size();
    nodes_.push_back(
        {.device = &device, .hop = nodes_[before].hop + 1, .before = before, .next = here + 1, .detour = detour});
    before = here;
  }
  return before;
}

// Where the packet goes from the router at which it is.
std::size_t Network::after(const Travel& packet) {
  const Node& node = nodes_[packet.at];
  const Detour* const detour = packet.detour;
  if (detour != nullptr && node.detour == nullptr && node.hop == detour->at) {
    const auto first =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& each) { return each.detour == detour; });
    return static_cast<std::size_t>(first - nodes_.begin());
  }
  const std::size_t branch = node.split == nullptr ? 0 : branch_for(*node.split, packet);
  if (branch == 0) return node.next;
  return node.first_branch + (branch - 1) * static_cast<std::size_t>(node.split->length());
}

std::size_t Network::branch_for(const Split& split, const Travel& packet) {
  switch (split.by) {
    case Split::By::Flow:
      return branch_of(split, packet.flow);
    case Split::By::Packet:
      return std::uniform_int_distribution<std::size_t>(0, split.branches() - 1)(other_random_);
    case Split::By::Time:
      return packet.now >= *first_sent_ + split.after ? 1 : 0;
  }
  return 0;
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
  const auto decoded = wire::decode(LinkType::Raw, bytes);
  const auto* const sent = std::get_if<wire::Packet>(&decoded);
  if (sent == nullptr || sent->ip.destination != path_.target() || sent->ip.ttl == Ttl{0}) return;
  if (!first_sent_) first_sent_ = now;

  Travel packet{.now = now, .ttl = sent->ip.ttl, .bytes = bytes, .port = {}, .flow = {}};
  if (const auto* const segment = std::get_if<TcpSegment>(&sent->payload)) {
    packet.port = segment->destination_port;
    packet.flow = {.source_port = segment->source_port, .destination_port = segment->destination_port};
    packet.detour = path_.detour_of(segment->destination_port);
    packet.is_syn = segment->flags.syn;
  }
  travel(packet);
}

void Network::travel(Travel& packet) {
  while (true) {
    const Device& device = *nodes_[packet.at].device;
    packet.now += latency_of(device.link);
    if (is_lost(device.link.loss_out)) return;
    if (is_server(packet.at) && packet.is_syn) syn_arrivals_.push_back({.port = *packet.port, .at = packet.now});
    if (is_picked(packet, true)) return;
    if (nodes_[packet.at].is_host) {
      if (is_picked(packet, false)) return;
      const bool is_passed_on = is_server(packet.at) && packet.port && path_.server.passes_on(*packet.port);
      return happens(packet, is_passed_on && packet.ttl == Ttl{1} ? Happening::Expires : Happening::ReachesServer);
    }
    if (packet.ttl == Ttl{1}) return happens(packet, Happening::Expires);
    packet.ttl = packet.ttl - 1;
    if (is_picked(packet, false)) return;
    const std::size_t next = device.loops_to ? static_cast<std::size_t>(*device.loops_to) - 1 : after(packet);
    if (is_server(next) && !path_.server.exists) {
      packet.now = resolution_ends(packet.now);
      return happens(packet, Happening::StaysUnresolved);
    }
    packet.at = next;
  }
}

void Network::happens(const Travel& packet, Happening what, const Rule* rule) {
  events_.add({.at = packet.now,
               .what = what,
               .device = packet.at,
               .ttl = packet.ttl,
               .rule = rule,
               .packet = {packet.bytes.begin(), packet.bytes.end()}});
}

// Whether a rule of this stage ends the packet's way.
bool Network::is_picked(const Travel& packet, bool before_ttl_check) {
  const Rule* const rule = nodes_[packet.at].device->rule_for(packet.port, before_ttl_check);
  if (rule != nullptr) happens(packet, Happening::RulePicks, rule);
  return rule != nullptr && !std::holds_alternative<Inject>(rule->action);
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
