#include "support/network_ways.h"

#include <algorithm>

namespace smtpath::test {

namespace {

// Every way goes on over each of `choices`.
void go_on(std::vector<Branches>& ways, std::span<const std::size_t> choices) {
  std::vector<Branches> longer;
  for (const Branches& way : ways) {
    for (const std::size_t choice : choices) {
      longer.push_back(way);
      longer.back().push_back(choice);
    }
  }
  ways = std::move(longer);
}

std::vector<std::size_t> choices_of(const Split& split) {
  std::vector<std::size_t> choices;
  for (std::size_t branch = 0; branch < split.branches(); ++branch) choices.push_back(branch);
  return choices;
}

}  // namespace

NetworkPath along(const NetworkPath& path, const Branches& branches) {
  NetworkPath way = path;
  way.splits.clear();
  for (std::size_t i = 0; i < path.splits.size(); ++i) {
    const Split& split = path.splits[i];
    if (branches[i] == 0) continue;
    const std::vector<Device>& devices = split.others[branches[i] - 1];
    std::copy(devices.begin(), devices.end(), way.devices.begin() + split.at);
  }
  return way;
}

std::vector<Branches> branches_of(const NetworkPath& path, const FlowKey& flow) {
  std::vector<Branches> ways{{}};
  for (const Split& split : path.splits) {
    if (split.by == Split::By::Flow) {
      go_on(ways, std::vector{branch_of(split, path.flow_at(split.at, flow))});
    } else {
      go_on(ways, choices_of(split));
    }
  }
  return ways;
}

std::vector<Branches> all_branches(const NetworkPath& path) {
  std::vector<Branches> ways{{}};
  for (const Split& split : path.splits) go_on(ways, choices_of(split));
  return ways;
}

}  // namespace smtpath::test
