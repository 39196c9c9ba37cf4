#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "support/hard_path_parts.h"
#include "support/random_block.h"

namespace smtpath::test {

namespace {

constexpr int kMostLength = 3;

// Routers that split and those where branches meet are on no branch, nor is one that translates.
bool has_room(const NetworkPath& path, int at, int length) {
  const int end = at + length;
  if (at < 1 || end + 1 > path.distance()) return false;
  const bool is_clear = std::all_of(path.splits.begin(), path.splits.end(), [&](const Split& other) {
    return other.at > end || other.at + other.length() < at;
  });
  return is_clear && std::none_of(path.detours.begin(), path.detours.end(),
                                  [&](const Detour& detour) { return detour.at >= at && detour.at <= end; });
}

std::vector<Device> branch_like(const NetworkPath& path, int at, int length, int number, Dice& dice) {
  constexpr unsigned kNet = 3;
  constexpr int kFirst = 60;
  std::vector<Device> devices(path.devices.begin() + at, path.devices.begin() + at + length);
  for (Device& device : devices) {
    device.address = address_of(path.client.family(), kNet, kFirst + number++);
    device.other_addresses.clear();
    device.initial_ttl = random_initial_ttl(dice);
    if (dice.chance(0.1)) device.is_silent = !device.is_silent;
  }
  return devices;
}

Split::By random_by(Dice& dice) {
  const double drawn = dice.between(0.0, 1.0);
  if (drawn < 0.75) return Split::By::Flow;
  return drawn < 0.9 ? Split::By::Packet : Split::By::Time;
}

// False: there is no room for it.
bool split_once(NetworkPath& path, Dice& dice) {
  constexpr int kTries = 4;
  int length = 1;
  int at = 0;
  for (int i = 0; i < kTries && !has_room(path, at, length); ++i) {
    length = dice.between(1, std::max(1, std::min(kMostLength, path.distance() - 2)));
    at = dice.between(1, std::max(1, path.distance() - 1 - length));
  }
  if (!has_room(path, at, length)) return false;
  Split split;
  split.by = random_by(dice);
  split.at = at;
  split.salt = static_cast<std::uint32_t>(dice.between(0, 1'000'000));
  split.after = std::chrono::milliseconds(dice.between(50, 3000));
  const int others = split.by != Split::By::Time && dice.chance(0.4) ? 3 : 1;
  int number = 0;
  for (const Split& before : path.splits) number += static_cast<int>(before.others.size()) * before.length();
  for (int i = 0; i < others; ++i, number += length)
    split.others.push_back(branch_like(path, at, length, number, dice));
  path.splits.push_back(std::move(split));
  std::sort(path.splits.begin(), path.splits.end(), [](const Split& a, const Split& b) { return a.at < b.at; });
  return true;
}

std::string words_of(const NetworkPath& path) {
  std::string text;
  for (const Split& split : path.splits) {
    const char* const by = split.by == Split::By::Flow ? "flow" : (split.by == Split::By::Packet ? "packet" : "time");
    text += fmt::format("{}{}", text.empty() ? "by " : " and ", by);
  }
  return text;
}

Rule with_port(const Rule& rule, Port port) {
  return {.port = port, .action = rule.action, .before_ttl_check = rule.before_ttl_check};
}

// On so many of its branches, all at one place.
void block_on(NetworkPath& path, const Split& split, const Rule& block, const std::vector<Port>& ports,
              std::size_t count, Dice& dice) {
  const auto begin = static_cast<std::size_t>(dice.between(0, static_cast<int>(split.branches()) - 1));
  const auto index = static_cast<std::size_t>(dice.between(0, split.length() - 1));
  const auto place =
      std::find_if(path.splits.begin(), path.splits.end(), [&](const Split& each) { return each.at == split.at; });
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t branch = (begin + i) % split.branches();
    Device& device =
        branch == 0 ? path.devices[static_cast<std::size_t>(split.at) + index] : place->others[branch - 1][index];
    for (const Port port : ports) device.rules.push_back(with_port(block, port));
  }
}

}  // namespace

std::string split(NetworkPath& path, Dice& dice) {
  if (!split_once(path, dice)) return {};
  if (dice.chance(0.25)) split_once(path, dice);
  return words_of(path);
}

std::string block_branches(NetworkPath& path, Dice& dice) {
  constexpr int kShortest = 3;
  if (path.distance() < kShortest) return {};
  clear_mail_policy(path);
  if (dice.chance(0.7)) open_port(path, Port{25});
  if (split(path, dice).empty()) return {};
  const std::string words = words_of(path);
  const Split split = path.splits[static_cast<std::size_t>(dice.between(0, static_cast<int>(path.splits.size()) - 1))];
  const Rule block{.port = {}, .action = random_block(dice), .before_ttl_check = dice.chance(0.5)};
  const std::vector<Port> ports = some_mail_ports(dice);
  const auto block_hop = [&](int hop) {
    for (const Port port : ports)
      path.devices[static_cast<std::size_t>(hop) - 1].rules.push_back(with_port(block, port));
  };
  const double drawn = dice.between(0.0, 1.0);
  const int most = static_cast<int>(split.branches()) - 1;
  if (drawn < 0.5) {
    const int count = dice.between(1, most);
    block_on(path, split, block, ports, static_cast<std::size_t>(count), dice);
    return fmt::format("{}, {} on some", words, to_string(block.action));
  }
  if (drawn < 0.65) {
    block_on(path, split, block, ports, split.branches(), dice);
    return fmt::format("{}, {} on all", words, to_string(block.action));
  }
  if (drawn < 0.75) {
    block_hop(dice.between(1, split.at));
    return fmt::format("{}, {} before", words, to_string(block.action));
  }
  if (drawn < 0.85) {
    block_hop(dice.between(split.at + split.length() + 1, path.distance()));
    return fmt::format("{}, {} behind", words, to_string(block.action));
  }
  return words;
}

}  // namespace smtpath::test
