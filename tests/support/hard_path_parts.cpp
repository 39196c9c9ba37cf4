#include "support/hard_path_parts.h"

#include <algorithm>
#include <array>

namespace smtpath::test {

namespace {

constexpr Port kSmtp{25};
constexpr std::array kOtherMailPorts{Port{465}, Port{587}, Port{2525}};

bool is_of_mail(const Rule& rule) {
  return !rule.port || *rule.port == kSmtp ||
         std::find(kOtherMailPorts.begin(), kOtherMailPorts.end(), *rule.port) != kOtherMailPorts.end();
}

}  // namespace

void clear_mail_policy(NetworkPath& path) {
  for (Device& device : path.devices) std::erase_if(device.rules, is_of_mail);
  path.detours.clear();
  path.server.exists = true;
}

void open_port(NetworkPath& path, Port port) {
  std::erase_if(path.devices.back().rules, [&](const Rule& rule) { return rule.port == port; });
  if (!path.server.is_open(port)) path.server.open.push_back(port);
  std::erase(path.server.forwarded_closed, port);
}

std::vector<Port> some_mail_ports(Dice& dice) {
  constexpr std::array kShares{0.0, 0.0, 0.5, 1.0};
  const double share = dice.one_of(kShares);
  std::vector<Port> ports{kSmtp};
  for (const Port port : kOtherMailPorts) {
    if (dice.chance(share)) ports.push_back(port);
  }
  return ports;
}

Device& some_router(NetworkPath& path, Dice& dice) {
  return path.devices[static_cast<std::size_t>(dice.between(1, path.distance() - 1)) - 1];
}

}  // namespace smtpath::test
