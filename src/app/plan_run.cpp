#include "app/plan_run.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>
#include <variant>

#include "app/version.h"
#include "smtpath/io/resolver.h"
#include "smtpath/io/routes.h"

namespace smtpath::app {

namespace {

/// Of one name; more are left out, so that a name cannot start a scan.
constexpr std::size_t kMostAddresses = 8;

Result<path::HashKey> draw_key() {
  path::HashKey key{};
  if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    return Error{fmt::format("draw a random key: {}", std::strerror(errno))};
  }
  return key;
}

IpAddress unspecified(Family family) {
  return family == Family::Ipv4 ? IpAddress{} : *IpAddress::parse("::");
}

/// What a probe names as its source when this host has no address to offer: the kernel refuses it all the same.
IpAddress loopback(Family family) {
  return *IpAddress::parse(family == Family::Ipv4 ? "127.0.0.1" : "::1");
}

/// Where probes to an address leave from. Without a route the kernel gets to say so itself, to each probe.
Result<facts::Vantage> vantage_for(io::Routes& routes, const IpAddress& address, const PlanInputs& inputs) {
  io::RouteQuery query{.destination = address, .source = inputs.options.source};
  if (inputs.options.interface) {
    const auto index = io::interface_index(*inputs.options.interface);
    if (!index) return index.error();
    query.interface_index = index.value();
  }
  const auto answer = routes.lookup(query);
  if (!answer) return answer.error();
  facts::Vantage vantage{.address = unspecified(address.family()), .interface = {}, .user = inputs.user};
  if (const auto* route = std::get_if<facts::Route>(&answer.value())) {
    vantage.interface = route->interface;
    if (route->source) vantage.address = *route->source;
  }
  if (inputs.options.source) vantage.address = *inputs.options.source;
  return vantage;
}

class Planner {
 public:
  Planner(const PlanInputs& inputs, io::Routes routes, report::RunPlan& plan)
      : inputs_(inputs), routes_(std::move(routes)), plan_(plan) {}

  std::optional<Error> add(const std::string& target) {
    const io::Resolution resolution = io::resolve(target, family());
    if (const auto* error = std::get_if<facts::TargetError>(&resolution)) {
      plan_.targets.push_back(
          {.target = target, .address = {}, .error = *error, .source = {}, .routes = {}, .index = {}});
      return std::nullopt;
    }
    const auto& addresses = std::get<std::vector<IpAddress>>(resolution);
    for (std::size_t i = 0; i < std::min(addresses.size(), kMostAddresses); ++i) {
      if (auto error = add_address(target, addresses[i])) return error;
    }
    return std::nullopt;
  }

 private:
  std::optional<Family> family() const {
    return inputs_.options.source ? inputs_.options.source->family() : inputs_.options.family;
  }

  std::optional<Error> add_address(const std::string& target, const IpAddress& address) {
    if (!known_.insert(address).second) return std::nullopt;
    const auto vantage = vantage_for(routes_, address, inputs_);
    if (!vantage) return vantage.error();
    plan_.targets.push_back({.target = target,
                             .address = address,
                             .error = {},
                             .source = vantage.value(),
                             .routes = {},
                             .index = plan_.plan.targets.size()});
    const IpAddress& source = vantage.value().address;
    plan_.plan.targets.push_back({.address = address,
                                  .source = source.is_unspecified() ? loopback(source.family()) : source,
                                  .ports = inputs_.options.ports});
    return std::nullopt;
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
                       .targets = {}};
  Planner planner(inputs, std::move(routes).value(), plan);
  for (const std::string& target : inputs.options.targets) {
    if (const auto error = planner.add(target)) return *error;
  }
  return plan;
}

std::string capture_filter(const report::RunPlan& plan) {
  std::set<Port> ports;
  for (const path::TargetPlan& target : plan.plan.targets) {
    for (const path::PortPlan& asked : target.ports) ports.insert(asked.port);
  }
  std::string filter = "icmp or icmp6 or arp";
  for (const Port port : ports) filter += fmt::format(" or tcp port {}", port.number);
  return filter;
}

}  // namespace smtpath::app
