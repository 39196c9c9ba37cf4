#include "unit/probing/sent_probes.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

using path::Role;

std::vector<path::PortPlan> usual_ports() {
  return {{.port = Port{25}, .role = Role::Subject},  {.port = Port{465}, .role = Role::Control},
          {.port = Port{587}, .role = Role::Control}, {.port = Port{2525}, .role = Role::Control},
          {.port = Port{443}, .role = Role::Anchor},  {.port = Port{80}, .role = Role::Anchor}};
}

Simulation trace_path(const NetworkPath& path, const probing::TracerOptions& options, std::vector<path::PortPlan> ports,
                      std::uint64_t seed) {
  Network network(path, seed);
  return run(plan_for(path, std::move(ports)), network, options, Recording::On);
}

std::vector<SentProbe> sent_syns(const Simulation& run) {
  std::vector<SentProbe> sent;
  for (const RecordedFrame& frame : run.frames) {
    const auto decoded = wire::decode(LinkType::Raw, frame.bytes);
    const auto* const packet = std::get_if<wire::Packet>(&decoded);
    const auto* const segment = packet == nullptr ? nullptr : std::get_if<wire::TcpSegment>(&packet->payload);
    if (segment == nullptr || !segment->flags.syn || segment->flags.ack || !segment->options.timestamps) continue;
    sent.push_back({.at = frame.time,
                    .source_port = segment->source_port,
                    .port = segment->destination_port,
                    .ttl = packet->ip.ttl,
                    .sequence = segment->sequence,
                    .timestamp = segment->options.timestamps->value});
  }
  return sent;
}

std::vector<SentProbe> sent_syns(const Simulation& run, Port port) {
  std::vector<SentProbe> sent = sent_syns(run);
  std::erase_if(sent, [&](const SentProbe& probe) { return probe.port != port; });
  return sent;
}

bool has_asked(const Simulation& run, Port port) {
  return !sent_syns(run, port).empty();
}

}  // namespace smtpath::test
