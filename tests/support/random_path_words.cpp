#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <variant>

#include "smtpath/base/time.h"
#include "support/random_path.h"

namespace smtpath::test {

namespace {

std::string describe(const Inject& inject) {
  std::string text = inject.form == Inject::Form::Bare ? " bare" : "";
  if (inject.form == Inject::Form::AcknowledgesSequence) text += " acknowledging the sequence number";
  if (inject.copies_ttl) text += " copying TTLs";
  if (inject.times > 1) text += fmt::format(" {} times", inject.times);
  if (inject.delay > Duration{}) text += fmt::format(" after {:.0f} ms", to_milliseconds(inject.delay));
  return text;
}

std::string details(const Action& action) {
  return std::visit(
      Overloaded{
          [](const Inject& inject) { return describe(inject); },
          [](const InjectError& error) {
            return fmt::format(" from {}{}", error.from ? to_string(*error.from) : "the destination",
                               error.alters_quote ? " with an altered quote" : "");
          },
          [](const LimitRate& limit) { return fmt::format(" to {} at once then {}/s", limit.burst, limit.per_second); },
          [](const TakeOver& take_over) {
            return std::string(take_over.is_for_any_address ? " for whatever address" : "");
          },
          [](const auto&) { return std::string(); },
      },
      action);
}

std::string describe(const Rewriting& rewriting) {
  std::string text = ", rewrites";
  if (rewriting.source) text += " source";
  if (rewriting.source_port) text += fmt::format(" source port to {}", rewriting.source_port->number);
  if (rewriting.sequence_offset != 0) text += " sequence";
  if (rewriting.traffic_class) text += " class";
  if (rewriting.mss) text += " MSS";
  if (rewriting.removes_options) text += " options";
  if (rewriting.translates_errors) text += " and errors";
  return text;
}

std::string describe(const Link& link) {
  std::string text;
  if (link.loss_out > 0) text += fmt::format(", loses {:.1f} % out", 100 * link.loss_out);
  if (link.loss_back > 0) text += fmt::format(", loses {:.1f} % back", 100 * link.loss_back);
  if (link.bursts.every > Duration{}) {
    text += fmt::format(", loses all for {:.0f} ms of {:.0f}", to_milliseconds(link.bursts.lasts),
                        to_milliseconds(link.bursts.every));
  }
  return text;
}

std::string describe(const Device& device, int back) {
  std::string text =
      fmt::format("{}, {:4.1f} ms, back {}, initial TTL {}, quotes {}, {} at once then {:.1f}/s",
                  to_string(device.address), to_milliseconds(device.link.latency), back, device.initial_ttl.hops,
                  device.quoted_payload, device.icmp_limit.burst, device.icmp_limit.per_second);
  if (device.is_silent) text += ", silent";
  if (device.forwards_zero_ttl) text += ", forwards TTL 0";
  if (device.speaks_as_target) text += ", speaks as the target";
  if (!device.other_addresses.empty()) text += fmt::format(", {} addresses", device.other_addresses.size() + 1);
  if (device.rewriting) text += describe(*device.rewriting);
  text += describe(device.link);
  for (const Rule& rule : device.rules) {
    text += fmt::format(", {} {}{}{}", to_string(rule.action), rule.port ? std::to_string(rule.port->number) : "all",
                        details(rule.action), rule.before_ttl_check ? " before the TTL check" : "");
  }
  return text;
}

std::string describe(const Split& split, const NetworkPath& path) {
  std::string by = split.by == Split::By::Flow ? "flow" : "packet";
  if (split.by == Split::By::Time) by = fmt::format("time, after {:.0f} ms", to_milliseconds(split.after));
  std::string text = fmt::format("  behind {} split by {} over {} branches\n", split.at, by, split.branches());
  for (std::size_t branch = 1; branch < split.branches(); ++branch) {
    int hop = split.at;
    for (const Device& device : split.others[branch - 1]) {
      ++hop;
      text += fmt::format("  {:2}, branch {}: {}\n", hop, branch, describe(device, path.return_hops(hop)));
    }
  }
  return text;
}

std::string describe(const Server& server) {
  std::string text;
  for (const Port port : server.forwarded) text += fmt::format("  {} passed on\n", port.number);
  for (const Port port : server.forwarded_closed) text += fmt::format("  {} passed on, closed\n", port.number);
  if (server.queue_is_full > 0) {
    text += fmt::format("  queue full {:.0f} % of the time, drawn every {:.0f} ms\n", 100 * server.queue_is_full,
                        to_milliseconds(server.queue_changes));
  }
  return text;
}

// Of each flow to a port.
std::string describe_flows(const RandomPath& random, const Split& split) {
  std::string text;
  for (const path::PortPlan& port : random.plan.targets.front().ports) {
    text += fmt::format("  branches of flows to {}:", port.port.number);
    for (const Port source : random.plan.source_ports)
      text += fmt::format(" {}", branch_of(split, {source, port.port}));
    text += '\n';
  }
  return text;
}

}  // namespace

std::string to_string(const RandomPath& random) {
  const NetworkPath& path = random.path;
  std::string text = fmt::format("seed {}, {}, {}, echo {}answered, timestamps {}\n", random.seed,
                                 to_string(path.client.family()), random.is_lossless ? "lossless" : "lossy",
                                 path.server.answers_echo ? "" : "un", path.server.habits.has_timestamps);
  if (!random.features.empty()) text += fmt::format("  {}\n", fmt::join(random.features, ", "));
  for (int ttl = 1; ttl <= path.distance(); ++ttl) {
    text += fmt::format("  {:2}: {}\n", ttl, describe(path.hop(ttl), path.return_hops(ttl)));
  }
  for (const Split& split : path.splits) {
    text += describe(split, path);
    if (split.by == Split::By::Flow) text += describe_flows(random, split);
  }
  for (const Detour& detour : path.detours) {
    text += fmt::format("  {} led at hop {} to a host at {}, {}, errors {}\n", detour.port.number, detour.at,
                        detour.distance(), detour.is_open ? "open" : "closed",
                        detour.translates_errors ? "translated" : "as they are");
  }
  text += describe(path.server);
  for (const PortTruth& truth : random.truths) text += fmt::format("  truth of {}\n", to_string(truth));
  return text;
}

}  // namespace smtpath::test
