#include "app/plan_run.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <span>
#include <utility>

#include "app/name_resolution.h"
#include "app/version.h"
#include "app/way_out.h"
#include "smtpath/io/routes.h"
#include "smtpath/path/nowhere.h"

namespace smtpath::app {

namespace {

Result<path::HashKey> draw_key() {
  path::HashKey key{};
  if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    return Error{fmt::format("draw a random key: {}", std::strerror(errno))};
  }
  return key;
}

/// Evidence is shown to others: it tells of no rules but those that may matter to its ports.
facts::LocalHost concerning(const path::Plan& plan, facts::LocalHost host) {
  std::set<std::pair<Port, Family>> asked;
  for (const path::TargetPlan& target : plan.targets) {
    for (const path::PortPlan& port : target.ports) asked.emplace(port.port, target.address.family());
  }
  std::erase_if(host.rules.rules, [&](const facts::LocalRule& rule) {
    return std::none_of(asked.begin(), asked.end(),
                        [&](const auto& each) { return could_act_on(rule, each.first, each.second); });
  });
  return host;
}

/// What a probe names as its source when this host has no address to offer: the kernel refuses it all the same.
IpAddress loopback(Family family) {
  return *IpAddress::parse(family == Family::Ipv4 ? "127.0.0.1" : "::1");
}

class Planner {
 public:
  Planner(const PlanInputs& inputs, io::Routes routes, report::RunPlan& plan)
      : inputs_(inputs), routes_(std::move(routes)), plan_(plan) {}

  /// Resolves so many at a time.
  std::optional<Error> add_all(std::span<const std::string> targets) {
    constexpr std::size_t kMostAtOnce = 1024;
    const NameQuery query{.family = family(), .is_mail = inputs_.options.is_mail};
    while (!targets.empty()) {
      const auto now = targets.first(std::min(kMostAtOnce, targets.size()));
      const auto resolutions = resolve_all(inputs_.resolver, now, query);
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (auto error = add(now[i], resolutions[i])) return error;
      }
      targets = targets.subspan(now.size());
    }
    return std::nullopt;
  }

 private:
  std::optional<Error> add(const std::string& target, const Resolution& resolution) {
    for (const ResolvedTarget& each : resolution) {
      if (each.address) {
        if (auto error = add_address(target, each)) return error;
        continue;
      }
      plan_.targets.push_back({.target = target,
                               .address = {},
                               .error = each.error,
                               .source = {},
                               .routes = {},
                               .index = {},
                               .lookup = each.lookup});
    }
    return std::nullopt;
  }

  std::optional<Family> family() const {
    return inputs_.options.source ? inputs_.options.source->family() : inputs_.options.family;
  }

  std::optional<Error> add_address(const std::string& target, const ResolvedTarget& resolved) {
    const IpAddress address = *resolved.address;
    if (!known_.insert(address).second) return std::nullopt;
    const WayOutQuery query{.address = address,
                            .source = inputs_.options.source,
                            .interface = inputs_.options.interface,
                            .user = inputs_.user};
    auto way = find_way_out(routes_, query);
    if (!way) return way.error();
    std::vector<path::PortPlan> ports = inputs_.options.ports;
    auto port_routes = find_port_routes(routes_, query, ports);
    if (!port_routes) return port_routes.error();
    const auto nowhere = find_nowhere(query, way.value());
    if (!nowhere) return nowhere.error();
    const IpAddress source = way.value().vantage.address;
    plan_.targets.push_back({.target = target,
                             .address = address,
                             .error = {},
                             .source = std::move(way.value().vantage),
                             .routes = std::move(port_routes).value(),
                             .index = plan_.plan.targets.size(),
                             .lookup = resolved.lookup});
    plan_.plan.targets.push_back({.address = address,
                                  .source = source.is_unspecified() ? loopback(source.family()) : source,
                                  .next_hop = way.value().next_hop,
                                  .ports = std::move(ports),
                                  .nowhere = nowhere.value()});
    return std::nullopt;
  }

  /// An address that nobody can have, if packets to it take the same first hop as those to the target.
  Result<std::optional<IpAddress>> find_nowhere(WayOutQuery query, const WayOut& way) {
    const std::array used{query.address, way.vantage.address};
    const auto address = path::nowhere_address(plan_.plan.key, query.address, used);
    if (!address || !way.next_hop || *way.next_hop == query.address) return std::optional<IpAddress>{};
    query.address = *address;
    const auto found = find_way_out(routes_, query);
    if (!found) return found.error();
    const WayOut& other = found.value();
    const bool is_same = other.next_hop == way.next_hop && other.vantage.address == way.vantage.address &&
                         other.vantage.interface == way.vantage.interface;
    return is_same ? address : std::nullopt;
  }

  const PlanInputs& inputs_;
  io::Routes routes_;
  report::RunPlan& plan_;
  std::set<IpAddress> known_;
};

}  // namespace

Result<report::RunPlan> plan_run(const PlanInputs& inputs) {
  const auto key = draw_key();
  if (!key) return key.error();
  auto routes = io::Routes::open();
  if (!routes) return routes.error();
  report::RunPlan plan{.version = kVersion,
                       .started = inputs.started,
                       .options = {.first_ttl = inputs.options.tracer.first_ttl,
                                   .max_ttl = inputs.options.tracer.max_ttl,
                                   .user = inputs.user},
                       .plan = {.key = key.value(), .source_ports = inputs.source_ports, .targets = {}},
                       .targets = {},
                       .local_host = {}};
  Planner planner(inputs, std::move(routes).value(), plan);
  if (const auto error = planner.add_all(inputs.targets)) return *error;
  plan.local_host = concerning(plan.plan, inputs.local_host);
  return plan;
}

std::string capture_filter(const report::RunPlan& plan) {
  // This host may translate the one or the other before a packet leaves.
  std::set<Port> ports(plan.plan.source_ports.begin(), plan.plan.source_ports.end());
  for (const path::TargetPlan& target : plan.plan.targets) {
    for (const path::PortPlan& asked : target.ports) ports.insert(asked.port);
  }
  std::string filter = "icmp or icmp6 or arp";
  for (const Port port : ports) filter += fmt::format(" or tcp port {}", port.number);
  return filter;
}

}  // namespace smtpath::app
