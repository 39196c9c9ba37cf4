#include "path/quoted_syn.h"

#include "path/attribution.h"
#include "path/own_probes.h"

namespace smtpath::path {

namespace {

FlowTrace* trace_of(const PlannedFlow& flow, std::span<PathTrace> traces) {
  return find_flow(traces[flow.target], flow);
}

std::optional<std::uint16_t> number_by_timestamp(const wire::QuotedTcp& quoted, const FlowMark& mark) {
  if (!quoted.options.timestamps) return std::nullopt;
  return probe_number(quoted.options.timestamps->value, mark);
}

QuotedSyn as_sent(const PlannedFlow& flow, const wire::IpHeader& ip, const wire::QuotedTcp& quoted, FlowTrace& trace) {
  const auto number = number_by_timestamp(quoted, flow.mark);
  if (number) {
    Probe* probe = find_probe(trace, *number);
    return {.flow = flow, .trace = probe == nullptr ? nullptr : &trace, .probe = probe};
  }
  Probe* probe = ip.source.is_ipv4() ? find_probe(trace, ip.identification) : nullptr;
  return {.flow = flow, .trace = &trace, .probe = probe != nullptr ? probe : only_candidate(trace)};
}

/// The one flow of the target that has a probe with this timestamp and, besides, this IP ID or (IPv6) these ports.
QuotedSyn with_timestamp(const wire::IpHeader& ip, const wire::QuotedTcp& quoted, const FlowTable& table,
                         std::span<PathTrace> traces) {
  const auto target = table.target_with(ip.destination);
  if (!target) return {};
  for (FlowTrace& trace : traces[*target].flows) {
    const auto flow = table.planned(*target, trace.slot, trace.destination_port);
    const bool has_ports = trace.source_port == quoted.source_port && trace.destination_port == quoted.destination_port;
    if (!flow || (!ip.source.is_ipv4() && !has_ports)) continue;
    const auto number =
        ip.source.is_ipv4() ? std::optional(ip.identification) : number_by_timestamp(quoted, flow->mark);
    Probe* probe = number ? find_probe(trace, *number) : nullptr;
    if (probe == nullptr || !probe->header.options.timestamps) continue;
    if (probe->header.options.timestamps->value != quoted.options.timestamps->value) continue;
    return {.flow = flow, .trace = &trace, .probe = probe};
  }
  return {};
}

}  // namespace

QuotedSyn recognise(const wire::IpHeader& ip, const wire::QuotedTcp& quoted, const FlowTable& table,
                    std::span<PathTrace> traces) {
  const auto by_tuple = table.by_captured({.source = ip.source,
                                           .destination = ip.destination,
                                           .source_port = quoted.source_port,
                                           .destination_port = quoted.destination_port});
  const auto flow = by_tuple ? by_tuple : table.by_sequence(quoted.sequence);
  if (!flow) return quoted.options.timestamps ? with_timestamp(ip, quoted, table, traces) : QuotedSyn{};

  FlowTrace* trace = trace_of(*flow, traces);
  const QuotedSyn unproven{.flow = flow, .trace = nullptr, .probe = nullptr};
  if (trace == nullptr) return unproven;
  const bool has_sequence = quoted.sequence == flow->mark.sequence || quoted.sequence == trace->rewritten_sequence;
  if (by_tuple && has_sequence) return as_sent(*flow, ip, quoted, *trace);

  auto number = number_by_timestamp(quoted, flow->mark);
  if (!number && has_sequence && ip.source.is_ipv4()) number = ip.identification;
  Probe* probe = number ? find_probe(*trace, *number) : nullptr;
  if (probe == nullptr) return unproven;
  if (by_tuple) trace->rewritten_sequence = quoted.sequence;
  return {.flow = flow, .trace = trace, .probe = probe};
}

}  // namespace smtpath::path
