#include "bench_trace_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace smtpath::bench {

namespace {

constexpr int kFirstRouter = 1;
constexpr const char* kSyns = "syns_sent";
constexpr const char* kResets = "resets_sent";
constexpr const char* kPackets = "packets_sent";

using Counters = std::map<std::string, std::uint64_t>;

Result<Counters> reset_counters(const io::Lab& lab, int node) {
  const auto outcome = lab.run_in(node, {.argv = {"nft", "-j", "reset", "counters"}});
  if (!outcome) return outcome.error();
  const auto document = nlohmann::json::parse(outcome.value().output, nullptr, false);
  if (document.is_discarded()) return Error{"nft reset counters: " + outcome.value().errors};
  Counters counters;
  for (const auto& entry : document.at("nftables")) {
    if (!entry.contains("counter")) continue;
    const auto& counter = entry.at("counter");
    counters[counter.at("name").get<std::string>()] = counter.at("packets").get<std::uint64_t>();
  }
  return counters;
}

}  // namespace

void add_counters(io::LabSpec& spec, const std::vector<Port>& ports) {
  constexpr const char* kChain = "type filter hook prerouting priority -350;";
  constexpr const char* kIsSyn = "tcp flags & (syn|ack) == syn";
  // Node 1's link: see lab_spec.h.
  spec.rules.push_back({kFirstRouter, fmt::format(R"(table inet bench_trace {{
  counter {0} {{}}
  counter {1} {{}}
  counter {2} {{}}
  chain from_client {{
    {3}
    ip saddr 10.9.1.2 counter name {2}
    ip saddr 10.9.1.2 tcp flags & rst == rst counter name {1}
    ip saddr 10.9.1.2 {4} counter name {0}
  }}
}})",
                                                  kSyns, kResets, kPackets, kChain, kIsSyn)});
  std::string counters;
  std::string rules;
  for (const Port port : ports) {
    counters += fmt::format("  counter port_{} {{}}\n", port.number);
    rules += fmt::format("    {} tcp dport {} counter name port_{}\n", kIsSyn, port.number, port.number);
  }
  spec.rules.push_back(
      {spec.routers + 1,
       fmt::format("table inet bench_trace {{\n{}  chain at_server {{\n    {}\n{}  }}\n}}", counters, kChain, rules)});
}

Result<Count> take_count(const io::Lab& lab) {
  auto sent = reset_counters(lab, kFirstRouter);
  if (!sent) return sent.error();
  auto arrived = reset_counters(lab, lab.server_node());
  if (!arrived) return arrived.error();
  Counters& counters = sent.value();
  Count count{.syns = counters[kSyns], .probes = counters[kPackets] - counters[kResets], .syns_at_a_port = 0};
  for (const auto& [name, packets] : arrived.value()) count.syns_at_a_port = std::max(count.syns_at_a_port, packets);
  return count;
}

}  // namespace smtpath::bench
