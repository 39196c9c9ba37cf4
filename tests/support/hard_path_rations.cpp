#include <fmt/format.h>

#include <array>

#include "support/hard_path_parts.h"

namespace smtpath::test {

namespace {

constexpr Port kSmtp{25};

LimitRate random_limit(Dice& dice) {
  constexpr std::array kBursts{1.0, 2.0, 3.0, 5.0, 5.0, 10.0};
  constexpr std::array kRates{1.0, 1.0, 2.0, 5.0, 10.0, 20.0};
  return {.burst = dice.one_of(kBursts), .per_second = dice.one_of(kRates)};
}

std::string limit(Device& device, Dice& dice) {
  const LimitRate limit = random_limit(dice);
  const bool is_before = dice.chance(0.5);
  for (const Port port : some_mail_ports(dice)) {
    device.rules.push_back({.port = port, .action = limit, .before_ttl_check = is_before});
  }
  return fmt::format("{} then {}/s", limit.burst, limit.per_second);
}

}  // namespace

std::string ration(NetworkPath& path, Dice& dice) {
  if (path.distance() < 2) return {};
  clear_mail_policy(path);
  open_port(path, kSmtp);
  const double drawn = dice.between(0.0, 1.0);
  if (drawn < 0.35) return "limit on the way " + limit(some_router(path, dice), dice);
  if (drawn < 0.6) return "limit at the server " + limit(path.devices.back(), dice);
  if (drawn < 0.85) {
    path.server.queue_is_full = dice.between(0.2, 0.6);
    path.server.queue_changes = std::chrono::milliseconds(dice.between(200, 1000));
    return "full queue";
  }
  Bursts& bursts = some_router(path, dice).link.bursts;
  bursts.every = std::chrono::milliseconds(dice.between(1000, 5000));
  bursts.lasts = bursts.every / dice.between(4, 12);
  return "bursts of loss";
}

}  // namespace smtpath::test
