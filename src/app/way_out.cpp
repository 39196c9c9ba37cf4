#include "app/way_out.h"

#include <utility>
#include <variant>

namespace smtpath::app {

namespace {

IpAddress unspecified(Family family) {
  return family == Family::Ipv4 ? IpAddress{} : *IpAddress::parse("::");
}

Result<io::RouteQuery> query_for(const WayOutQuery& query) {
  io::RouteQuery question{.destination = query.address, .source = query.source};
  if (query.interface) {
    const auto index = io::interface_index(*query.interface);
    if (!index) return index.error();
    question.interface_index = index.value();
  }
  return question;
}

bool take_the_same_way(const facts::Route& a, const facts::Route& b) {
  return a.interface_index == b.interface_index && a.gateway == b.gateway;
}

facts::PortRoute refused(Port port, int error) {
  facts::PortRoute route;
  route.port = port;
  route.difference = facts::PortRoute::Difference::Refused;
  route.error = error;
  return route;
}

/// Mail to the port takes `mail`; probes can follow if they take that too once they are told its interface.
Result<facts::PortRoute> apart(io::Routes& routes, io::RouteQuery question, path::PortPlan& port,
                               const facts::Route& mail) {
  facts::PortRoute route;
  route.port = port.port;
  route.interface = mail.interface;
  route.interface_index = mail.interface_index;
  route.gateway = mail.gateway;
  question.interface_index = mail.interface_index;
  const auto told = routes.lookup(question);
  if (!told) return told.error();
  const auto* followed = std::get_if<facts::Route>(&told.value());
  if (followed == nullptr || !take_the_same_way(*followed, mail)) return route;
  route.difference = facts::PortRoute::Difference::OtherInterface;
  port.source = mail.source;
  return route;
}

}  // namespace

Result<WayOut> find_way_out(io::Routes& routes, const WayOutQuery& query) {
  const auto question = query_for(query);
  if (!question) return question.error();
  const auto answer = routes.lookup(question.value());
  if (!answer) return answer.error();
  WayOut way{.vantage = {.address = unspecified(query.address.family()), .interface = {}, .user = query.user},
             .next_hop = {}};
  if (const auto* route = std::get_if<facts::Route>(&answer.value())) {
    way.vantage.interface = route->interface;
    if (route->source) way.vantage.address = *route->source;
    way.next_hop = route->gateway ? route->gateway : std::optional(query.address);
  }
  if (query.source) way.vantage.address = *query.source;
  return way;
}

Result<std::vector<facts::PortRoute>> find_port_routes(io::Routes& routes, const WayOutQuery& query,
                                                       std::vector<path::PortPlan>& ports) {
  const auto question = query_for(query);
  if (!question) return question.error();
  const auto probes = routes.lookup(question.value());
  if (!probes) return probes.error();
  const auto* probe_route = std::get_if<facts::Route>(&probes.value());

  std::vector<facts::PortRoute> found;
  for (path::PortPlan& port : ports) {
    io::RouteQuery of_mail = question.value();
    of_mail.tcp_port = port.port;
    const auto answer = routes.lookup(of_mail);
    if (!answer) return answer.error();
    if (const auto* refusal = std::get_if<facts::RouteRefusal>(&answer.value())) {
      if (probe_route != nullptr) found.push_back(refused(port.port, refusal->error));
      continue;
    }
    const auto& mail = std::get<facts::Route>(answer.value());
    if (probe_route != nullptr && take_the_same_way(*probe_route, mail)) continue;
    auto route = apart(routes, question.value(), port, mail);
    if (!route) return route.error();
    found.push_back(std::move(route).value());
  }
  return found;
}

}  // namespace smtpath::app
