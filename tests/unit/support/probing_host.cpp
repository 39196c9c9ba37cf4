#include "probing_host.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <variant>

#include "smtpath/path/back.h"
#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

std::string only(std::vector<std::string> answers) {
  return answers.empty() ? "silence" : fmt::format("{}", fmt::join(answers, "; "));
}

}  // namespace

void ProbingHost::syn(Port port, int ttl) {
  syn(port, ttl, Port{static_cast<std::uint16_t>(41000 + probes_)}, 1000U + probes_);
}

void ProbingHost::syn(Port port, int ttl, Port source_port, std::uint32_t timestamp) {
  wire::SynTemplate packet({.source = network_.path().client,
                            .destination = network_.path().target(),
                            .source_port = source_port,
                            .destination_port = port,
                            .sequence = 5000,
                            .flow_label = 0});
  network_.send(now_, packet.stamp({.ttl = Ttl{} + ttl, .number = ++probes_, .timestamp = timestamp}));
}

void ProbingHost::syn_to(const IpAddress& address, Port port, int ttl) {
  wire::SynTemplate packet({.source = network_.path().client,
                            .destination = address,
                            .source_port = Port{static_cast<std::uint16_t>(41000 + probes_)},
                            .destination_port = port,
                            .sequence = 5000,
                            .flow_label = 0});
  network_.send(now_, packet.stamp({.ttl = Ttl{} + ttl, .number = ++probes_, .timestamp = 1}));
}

void ProbingHost::echo(int ttl) {
  wire::EchoTemplate packet(
      {.source = network_.path().client, .destination = network_.path().target(), .identifier = 77});
  network_.send(now_, packet.stamp({.ttl = Ttl{} + ttl, .number = ++probes_, .timestamp = 0}));
}

std::vector<std::string> ProbingHost::after(Duration duration) {
  told_.clear();
  const Time end = now_ + duration;
  while (network_.next_event() && *network_.next_event() <= end) {
    if (const auto delivery = network_.advance()) receive(*delivery);
  }
  now_ = end;
  return std::move(told_);
}

void ProbingHost::receive(const Delivery& delivery) {
  last_arrival_ = delivery.at;
  packets_.push_back(delivery.packet);
  const auto decoded = wire::decode(LinkType::Raw, delivery.packet);
  const auto* const packet = std::get_if<wire::Packet>(&decoded);
  told_.push_back(packet == nullptr ? "undecodable" : describe(*packet));
  const auto answer = kernel_answer(delivery.packet);
  if (has_kernel_ && answer) network_.send(delivery.at, *answer);
}

std::string ProbingHost::describe(const wire::Packet& packet) const {
  const std::string from = fmt::format("from {}, back {}", name_of(packet.ip.source), path::back_of(packet.ip.ttl));
  if (packet.has_bad_checksum) return "bad checksum " + from;
  if (const auto* const error = std::get_if<wire::IcmpError>(&packet.payload)) {
    const std::string kind = error->kind == wire::IcmpErrorKind::TimeExceeded
                                 ? "time-exceeded"
                                 : fmt::format("{}/{}", error->type, error->code);
    return fmt::format("{} {}, quoted TTL {}", kind, from, error->quote ? error->quote->ip.ttl.hops : 0);
  }
  if (const auto* const segment = std::get_if<wire::TcpSegment>(&packet.payload)) {
    if (segment->flags.rst) return "rst " + from;
    if (!segment->flags.syn) return "ack " + from;
    return (segment->window == 0 ? "syn-ack with window 0 " : "syn-ack ") + from;
  }
  return std::holds_alternative<wire::Echo>(packet.payload) ? "echo-reply " + from : "other " + from;
}

std::string ProbingHost::name_of(const IpAddress& address) const {
  const NetworkPath& path = network_.path();
  if (address == path.target()) return "target";
  for (int ttl = 1; ttl < path.distance(); ++ttl) {
    if (address == path.hop(ttl).address) return fmt::format("hop {}", ttl);
  }
  for (const Split& split : path.splits) {
    for (std::size_t branch = 1; branch < split.branches(); ++branch) {
      const std::vector<Device>& devices = split.others[branch - 1];
      for (std::size_t i = 0; i < devices.size(); ++i) {
        if (address == devices[i].address)
          return fmt::format("hop {} on branch {}", static_cast<std::size_t>(split.at) + 1 + i, branch);
      }
    }
  }
  return to_string(address);
}

std::string answer_to_syn(const NetworkPath& path, Port port, int ttl) {
  ProbingHost host(path);
  host.syn(port, ttl);
  return only(host.after(10s));
}

std::string answer_to_echo(const NetworkPath& path, int ttl) {
  ProbingHost host(path);
  host.echo(ttl);
  return only(host.after(10s));
}

}  // namespace smtpath::test
