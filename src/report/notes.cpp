#include "smtpath/report/notes.h"

#include <fmt/format.h>

namespace smtpath::report {

std::vector<std::string> notes_on(std::span<const facts::PortRoute> routes) {
  std::vector<std::string> notes;
  for (const facts::PortRoute& route : routes) {
    if (route.difference != facts::PortRoute::Difference::OtherGateway) continue;
    const std::string via = route.gateway ? fmt::format(" via {}", to_string(*route.gateway)) : std::string();
    notes.push_back(
        fmt::format("This host routes mail to port {} over {}{}; probes cannot follow and take another way.",
                    route.port.number, route.interface, via));
  }
  return notes;
}

}  // namespace smtpath::report
