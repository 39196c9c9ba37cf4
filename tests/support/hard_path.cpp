#include "support/hard_path.h"

#include <algorithm>

#include "support/dice.h"
#include "support/hard_path_parts.h"

namespace smtpath::test {

namespace {

void lose_more(NetworkPath& path, Dice& dice) {
  const double times = dice.between(1.0, 2.0);
  for (Device& device : path.devices) {
    device.link.loss_out *= times;
    device.link.loss_back *= times;
  }
}

bool is_lossless(const NetworkPath& path) {
  return std::all_of(path.devices.begin(), path.devices.end(), [](const Device& device) {
    const Link& link = device.link;
    return link.loss_out == 0 && link.loss_back == 0 && link.bursts.every == Duration{};
  });
}

using Part = std::string (*)(NetworkPath&, Dice&);

struct Theme {
  /// Null: the path stays as it is.
  Part part = nullptr;
  double share = 0;
  double splits_share = 0;
};

constexpr std::array kThemes{
    Theme{nullptr, 0.45, 0.4},      Theme{block_branches, 0.20, 0}, Theme{forge_resets, 0.09, 0.3},
    Theme{forge_errors, 0.04, 0.3}, Theme{intercept, 0.06, 0.3},    Theme{ration, 0.09, 0.3},
    Theme{add_oddity, 0.07, 0.3},
};

const Theme& random_theme(Dice& dice) {
  double drawn = dice.between(0.0, 1.0);
  for (const Theme& theme : kThemes) {
    if (drawn < theme.share) return theme;
    drawn -= theme.share;
  }
  return kThemes.front();
}

}  // namespace

RandomPath hard_path(std::uint64_t seed) {
  constexpr std::uint64_t kDice = 0xd1b54a32d192ed03U;
  constexpr double kOddityShare = 0.1;
  RandomPath random = random_path(seed);
  Dice dice(seed ^ kDice);
  const auto add = [&](Part part) {
    std::string feature = part(random.path, dice);
    if (!feature.empty()) random.features.push_back(std::move(feature));
  };
  lose_more(random.path, dice);
  const Theme& theme = random_theme(dice);
  if (theme.part != nullptr) add(theme.part);
  if (theme.part != add_oddity && theme.part != nullptr && dice.chance(kOddityShare)) add(add_oddity);
  if (dice.chance(theme.splits_share)) add(split);
  random.is_lossless = is_lossless(random.path);
  random.truths = truth_of(random.path, random.plan.targets.front().ports, random.plan.source_ports);
  return random;
}

}  // namespace smtpath::test
