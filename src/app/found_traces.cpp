#include "app/found_traces.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "app/run_report.h"

namespace smtpath::app {

namespace {

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "24 SYNs and 12 echo requests … with TTL 1 to 12"
std::string note_on(const path::FoundTrace& found) {
  std::size_t syns = 0;
  Ttl lowest{255};
  Ttl highest{0};
  const auto count = [&](const path::FlowTrace& flow) {
    for (const path::Probe& probe : flow.probes) {
      lowest = std::min(lowest, probe.ttl);
      highest = std::max(highest, probe.ttl);
    }
    return flow.probes.size();
  };
  for (const path::FlowTrace& flow : found.trace.flows) syns += count(flow);
  const std::size_t echoes = count(found.trace.echo);
  return fmt::format(
      "Found in the capture, made by another program: {}{} from {} to {} with TTL {} to {}, within {:.1f} s. Hops are "
      "counted from where the capture was taken.",
      count_of(syns, "SYN"), echoes > 0 ? " and " + count_of(echoes, "echo request") : "", to_string(found.plan.source),
      to_string(found.plan.address), lowest.hops, highest.hops, to_milliseconds(found.last - found.first) / 1000);
}

}  // namespace

report::TargetReport report_found(const path::FoundTrace& found, const path::CaptureLoss& loss) {
  report::TargetReport report{.target = to_string(found.plan.address),
                              .address = found.plan.address,
                              .distance = {},
                              .error = {},
                              .source = facts::Vantage{.address = found.plan.source, .interface = {}, .user = {}},
                              .notes = {note_on(found)},
                              .conclusion = {},
                              .ports = {}};
  return judge_into(std::move(report), found.trace, found.plan,
                    {.capture_loss = &loss, .routes = {}, .is_target_local = false, .host = nullptr});
}

}  // namespace smtpath::app
