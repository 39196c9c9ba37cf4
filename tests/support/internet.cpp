#include "support/internet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"
#include "support/syn_arrivals.h"

namespace smtpath::test {

namespace {

// Not the resets of this host's kernel.
bool asks(const wire::Packet& packet) {
  const auto* const segment = std::get_if<wire::TcpSegment>(&packet.payload);
  return segment == nullptr || !segment->flags.rst;
}

}  // namespace

std::vector<InternetTarget> internet_targets(const InternetSpec& spec) {
  assert(spec.targets <= kMostInternetTargets);
  std::vector<InternetTarget> targets;
  for (std::size_t host = 0; host < spec.targets; ++host) {
    targets.push_back(internet_target(spec.seed, internet_family(spec.families, host), host));
  }
  return targets;
}

std::string to_string(const InternetFigures& figures) {
  return fmt::format(
      "{} packets out, {} back, {} hosts asked; at most {} probes a second; at most {} SYNs at a port, {} in a second",
      figures.packets_in, figures.packets_out, figures.hosts, figures.peak_probes_a_second, figures.most_syns,
      figures.peak_syns_a_second);
}

Internet::Internet(const InternetSpec& spec) : spec_(spec), mischief_(spec.mischief), networks_(spec.targets) {
  for (std::size_t host = 0; host < spec.targets; ++host) {
    hosts_.emplace(internet_address(internet_family(spec.families, host), host), host);
  }
}

void Internet::send(Time now, std::span<const std::byte> packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const auto* const sent = std::get_if<wire::Packet>(&decoded);
  if (sent == nullptr) return;
  const auto host = host_at(sent->ip.destination);
  if (!host) return;
  ++packets_in_;
  if (asks(*sent)) note_probe(now);
  network_of(*host).send(now, packet);
  make_appointment(*host);
}

std::optional<Time> Internet::next_event() const {
  if (appointments_.empty()) return {};
  return appointments_.top().at;
}

std::vector<Bytes> Internet::advance() {
  const Appointment due = appointments_.top();
  appointments_.pop();
  Network& network = *networks_[due.host];
  const auto next = network.next_event();
  if (!next || *next > due.at) return {};
  auto delivery = network.advance();
  make_appointment(due.host);
  if (!delivery) return {};
  std::vector<Bytes> packets = mischief_.sent_in_place_of(std::move(delivery->packet));
  packets_out_ += packets.size();
  return packets;
}

InternetFigures Internet::figures() const {
  InternetFigures figures{.packets_in = packets_in_, .packets_out = packets_out_, .peak_probes_a_second = peak_probes_};
  for (const auto& network : networks_) {
    if (!network) continue;
    ++figures.hosts;
    for (const path::PortPlan& asked : internet_ports()) {
      const auto& arrivals = network->syn_arrivals();
      figures.most_syns = std::max(figures.most_syns, count_syns(arrivals, asked.port));
      figures.peak_syns_a_second = std::max(figures.peak_syns_a_second, peak_syns_a_second(arrivals, asked.port));
    }
  }
  return figures;
}

void Internet::note_probe(Time now) {
  while (!probes_.empty() && now - probes_.front() >= std::chrono::seconds(1)) probes_.pop_front();
  probes_.push_back(now);
  peak_probes_ = std::max(peak_probes_, probes_.size());
}

std::optional<std::size_t> Internet::host_at(const IpAddress& address) const {
  const auto found = hosts_.find(address);
  if (found == hosts_.end()) return {};
  return found->second;
}

Network& Internet::network_of(std::size_t host) {
  auto& network = networks_[host];
  if (!network) {
    auto target = internet_target(spec_.seed, internet_family(spec_.families, host), host);
    network = std::make_unique<Network>(std::move(target.path), spec_.seed);
  }
  return *network;
}

void Internet::make_appointment(std::size_t host) {
  if (const auto next = networks_[host]->next_event()) appointments_.push({.at = *next, .host = host});
}

}  // namespace smtpath::test
