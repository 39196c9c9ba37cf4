#include "support/usual_paths.h"

#include <array>

#include "support/network_builder.h"

namespace smtpath::test {

namespace {

using path::Role;

constexpr int kRouters = 14;
constexpr int kMiddle = 7;
constexpr std::array kMailPorts{Port{25}, Port{465}, Port{587}, Port{2525}};
constexpr std::array kAnchors{Port{443}, Port{80}};
constexpr Port kSmtp = kMailPorts.front();

NetworkBuilder all_open() {
  NetworkBuilder path = routers(kRouters).server();
  for (const Port port : kMailPorts) path.open(port);
  return path;
}

NetworkBuilder drops_mail(NetworkBuilder& device) {
  for (const Port port : kMailPorts) device.drops(port);
  return device;
}

NetworkBuilder silent_routers(NetworkBuilder path) {
  for (int hop = 1; hop <= kRouters; ++hop) path.at(hop).silent();
  return path;
}

}  // namespace

std::vector<UsualPath> usual_paths() {
  return {
      {"all open", all_open()},
      {"all closed", routers(kRouters)},
      {"all closed, no echo", routers(kRouters).server().echo(false)},
      {"one dropped", all_open().at(kMiddle).drops(kSmtp)},
      {"one dropped, no echo", all_open().echo(false).at(kMiddle).drops(kSmtp)},
      {"one dropped by the server", all_open().drops(kSmtp)},
      {"one reset", all_open().at(kMiddle).resets(kSmtp)},
      {"one rejected", all_open().at(kMiddle).rejects(kSmtp, Unreachable::AdminProhibited)},
      {"one taken over", all_open().at(kMiddle).redirects(kSmtp)},
      {"mail dropped on the way", drops_mail(all_open().at(kMiddle))},
      {"mail dropped on the way, no echo", drops_mail(all_open().echo(false).at(kMiddle))},
      {"mail dropped by the server", drops_mail(routers(kRouters).server())},
      {"mail dropped by the server, no echo", drops_mail(routers(kRouters).server().echo(false))},
      {"everything dropped on the way", all_open().at(kMiddle).drops_everything()},
      {"everything dropped by the server", routers(kRouters).server().drops_everything()},
      {"everything rejected", routers(kRouters).at(kMiddle).rejects_everything(Unreachable::Net)},
      {"nobody there", routers(kRouters).server().nobody()},
      {"silent routers", silent_routers(all_open())},
      {"silent routers, no echo", silent_routers(all_open().echo(false))},
      {"silent routers, one dropped", silent_routers(all_open().at(kMiddle).drops(kSmtp))},
      {"a loop", routers(kRouters).at(kMiddle).loops_to(kMiddle - 1)},
  };
}

std::vector<path::PortPlan> mail_ports_and_anchors() {
  std::vector<path::PortPlan> ports;
  for (const Port port : kMailPorts) {
    ports.push_back({.port = port, .role = port == kSmtp ? Role::Subject : Role::Control});
  }
  for (const Port port : kAnchors) ports.push_back({.port = port, .role = Role::Anchor});
  return ports;
}

}  // namespace smtpath::test
