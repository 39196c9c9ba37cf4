#include "support/network.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"
#include "support/network_travel.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;
using wire::TcpSegment;

constexpr Duration kAddressResolution = 3s;

IcmpTypeCode time_exceeded(Family family) {
  return family == Family::Ipv4 ? IcmpTypeCode{11, 0} : IcmpTypeCode{3, 0};
}

}  // namespace

Network::Network(NetworkPath path, std::uint64_t seed) : path_(std::move(path)), random_(seed), other_random_(~seed) {
  plant();
  listeners_.assign(nodes_.size(), Listener(path_.server.habits));
  for (Node& node : nodes_) {
    buckets_.push_back({.tokens = node.device->icmp_limit.burst, .filled = {}});
    const Bursts& bursts = node.device->link.bursts;
    if (bursts.every > Duration{}) node.burst_begins = drawn_below(bursts.every);
  }
}

Duration Network::drawn_below(Duration end) {
  return Duration(std::uniform_int_distribution<Duration::rep>(0, end.count() - 1)(other_random_));
}

Duration Network::latency_of(const Link& link) {
  if (link.jitter == Duration{}) return link.latency;
  return link.latency + Duration(std::uniform_int_distribution<Duration::rep>(0, link.jitter.count())(random_));
}

void Network::send(Time now, std::span<const std::byte> bytes) {
  const auto decoded = wire::decode(LinkType::Raw, bytes);
  const auto* const sent = std::get_if<wire::Packet>(&decoded);
  if (sent == nullptr || sent->ip.ttl == Ttl{0}) return;
  if (sent->ip.destination.family() != path_.target().family()) return;
  if (!first_sent_) first_sent_ = now;

  Travel packet{.now = now,
                .ttl = sent->ip.ttl,
                .bytes = bytes,
                .source = sent->ip.source,
                .destination = sent->ip.destination,
                .port = {},
                .flow = {}};
  packet.is_for_target = packet.destination == path_.target();
  if (const auto* const segment = std::get_if<TcpSegment>(&sent->payload)) {
    packet.port = segment->destination_port;
    packet.flow = {.source_port = segment->source_port, .destination_port = segment->destination_port};
    if (packet.is_for_target) packet.detour = path_.detour_of(segment->destination_port);
    packet.is_syn = segment->flags.syn;
  }
  travel(packet);
}

void Network::travel(Travel& packet) {
  while (true) {
    if (is_server(packet.at) && !packet.is_for_target) return;
    const Device& device = *nodes_[packet.at].device;
    packet.now += latency_of(device.link);
    if (is_lost(device.link.loss_out) || is_in_burst(packet)) return;
    if (is_server(packet.at) && packet.is_syn) syn_arrivals_.push_back({.port = *packet.port, .at = packet.now});
    if (is_picked(packet, true)) return;
    if (nodes_[packet.at].is_host) {
      if (is_picked(packet, false)) return;
      const bool is_passed_on = is_server(packet.at) && packet.port && path_.server.passes_on(*packet.port);
      return happens(packet, is_passed_on && packet.ttl <= Ttl{1} ? Happening::Expires : Happening::ReachesServer);
    }
    const bool is_end = packet.ttl == Ttl{0} || (packet.ttl == Ttl{1} && !device.forwards_zero_ttl);
    if (is_end) return happens(packet, Happening::Expires);
    packet.ttl = packet.ttl - 1;
    if (is_picked(packet, false)) return;
    const std::size_t next = device.loops_to ? static_cast<std::size_t>(*device.loops_to) - 1 : after(packet);
    if (is_server(next) && packet.is_for_target && !path_.server.exists) {
      packet.now = resolution_ends(packet.now);
      return happens(packet, Happening::StaysUnresolved);
    }
    if (device.rewriting) rewrite(packet);
    packet.at = next;
  }
}

// A device knows a packet that it has changed before.
void Network::rewrite(Travel& packet) const {
  const Rewriting& rewriting = *nodes_[packet.at].device->rewriting;
  const bool is_known = std::any_of(packet.changes.begin(), packet.changes.end(),
                                    [&](const Rewritten& change) { return change.by == &rewriting; });
  if (is_known) return;
  packet.changes.push_back({.by = &rewriting, .source = packet.source, .source_port = packet.flow.source_port});
  packet.changed = rewritten(packet.bytes, rewriting);
  packet.bytes = packet.changed;
  if (rewriting.source) packet.source = *rewriting.source;
  if (packet.port) packet.flow.source_port = rewriting.source_port_of(packet.flow.source_port);
}

void Network::happens(const Travel& packet, Happening what, const Rule* rule) {
  events_.add({.at = packet.now,
               .what = what,
               .device = packet.at,
               .ttl = packet.ttl,
               .rule = rule,
               .packet = {packet.bytes.begin(), packet.bytes.end()},
               .destination = packet.destination,
               .changes = packet.changes});
}

bool Network::picks(const Rule& rule, const Travel& packet) {
  if (rule.port && rule.port != packet.port) return false;
  const auto* const take_over = std::get_if<TakeOver>(&rule.action);
  return packet.is_for_target || (take_over != nullptr && take_over->is_for_any_address);
}

// Whether a rule of this stage ends the packet's way.
bool Network::is_picked(const Travel& packet, bool before_ttl_check) {
  for (const Rule& rule : nodes_[packet.at].device->rules) {
    if (rule.before_ttl_check != before_ttl_check || !picks(rule, packet)) continue;
    if (const auto* const limit = std::get_if<LimitRate>(&rule.action)) {
      if (!is_within(*limit, packet)) return true;
      continue;
    }
    happens(packet, Happening::RulePicks, &rule);
    if (!lets_pass(rule.action)) return true;
  }
  return false;
}

bool Network::is_within(const LimitRate& limit, const Travel& packet) {
  if (packet.port && !packet.is_syn) return true;
  const RateLimit rate{.burst = limit.burst, .per_second = limit.per_second};
  Bucket& bucket = rule_buckets_.try_emplace(&limit, Bucket{.tokens = limit.burst, .filled = packet.now}).first->second;
  return takes_token(bucket, rate, packet.now);
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

bool Network::is_in_burst(const Travel& packet) const {
  const Node& node = nodes_[packet.at];
  const Bursts& bursts = node.device->link.bursts;
  if (bursts.every <= Duration{}) return false;
  return (packet.now.time_since_epoch() + node.burst_begins) % bursts.every < bursts.lasts;
}

// Linux asks three times, a second apart; what comes meanwhile waits, and all of it fails at once.
Time Network::resolution_ends(Time now) {
  if (!resolution_ends_ || now >= *resolution_ends_) resolution_ends_ = now + kAddressResolution;
  return *resolution_ends_;
}

}  // namespace smtpath::test
