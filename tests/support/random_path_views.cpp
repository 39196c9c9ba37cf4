#include "support/random_path_views.h"

#include <set>
#include <variant>

namespace smtpath::test {

namespace {

// Rules that clients do not feel, or not always: packets go on.
bool goes_unfelt(const Action& action) {
  return std::visit(Overloaded{
                        [](const Inject& inject) { return inject.form == Inject::Form::Bare; },
                        [](const InjectError&) { return true; },
                        [](const LimitRate&) { return true; },
                        [](const auto&) { return false; },
                    },
                    action);
}

bool copies(const Action& action) {
  return std::holds_alternative<Inject>(action);
}

// A bare reset is no answer: what draws it is silence to a client.
void silence_bare_resets(NetworkPath& path) {
  for (Device& device : path.devices) {
    for (Rule& rule : device.rules) {
      const auto* const reset = std::get_if<Reset>(&rule.action);
      if (reset != nullptr && reset->is_bare) rule.action = Drop{};
    }
  }
}

template <class Fits>
NetworkPath without_rules(NetworkPath path, Fits fits) {
  for (Device& device : path.devices) std::erase_if(device.rules, [&](const Rule& rule) { return fits(rule.action); });
  return path;
}

}  // namespace

bool is_same_end(const View& a, const View& b) {
  const auto is_same = [](const Fate& one, const Fate& other) {
    return one.end == other.end && one.hop == other.hop && one.is_before_ttl_check == other.is_before_ttl_check &&
           one.reason == other.reason && (one.detour == nullptr) == (other.detour == nullptr);
  };
  return is_same(a.fate, b.fate) && is_same(a.own_fate(), b.own_fate());
}

PathViews::PathViews(const NetworkPath& path, std::span<const path::PortPlan> ports, std::span<const Port> source_ports)
    : path_(path) {
  for (Branches& branches : all_branches(path)) {
    NetworkPath way = without_rules(along(path, branches), goes_unfelt);
    silence_bare_resets(way);
    NetworkPath uncopied = without_rules(way, copies);
    ways_.push_back({.branches = std::move(branches), .path = std::move(way), .uncopied = std::move(uncopied)});
  }
  for (const path::PortPlan& port : ports) {
    asked_.push_back({.plan = port, .views = views_of(port.port, source_ports)});
  }
  const std::vector<Branches> echoes = branches_of(path, {});
  for (const Way& way : ways_) {
    if (std::find(echoes.begin(), echoes.end(), way.branches) != echoes.end()) echo_.push_back(view_of(way, {}));
  }
}

View PathViews::view_of(const Way& way, std::optional<Port> port) const {
  View view{.fate = fate_of(way.path, port), .behind = {}, .way = &way.path, .branches = way.branches};
  if (!port || view.fate.detour != nullptr) return view;
  const std::vector<Rule>& rules = way.path.hop(view.fate.hop).rules;
  const bool is_copied = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    return (!rule.port || rule.port == port) && copies(rule.action);
  });
  if (is_copied) view.behind = fate_of(way.uncopied, port);
  return view;
}

std::vector<View> PathViews::views_of(Port port, std::span<const Port> source_ports) const {
  std::set<Branches> taken;
  for (const Port source_port : source_ports) {
    taken.merge([&] {
      const auto flow = branches_of(path_, {.source_port = source_port, .destination_port = port});
      return std::set<Branches>(flow.begin(), flow.end());
    }());
  }
  std::vector<View> views;
  for (const Way& way : ways_) {
    if (source_ports.empty() || taken.contains(way.branches)) views.push_back(view_of(way, port));
  }
  return views;
}

bool PathViews::answers(int hop) const {
  if (hop >= path_.distance()) return false;
  return std::all_of(ways_.begin(), ways_.end(), [&](const Way& way) {
    const Device& device = way.path.hop(hop);
    return !device.is_silent && !device.speaks_as_target && !device.forwards_zero_ttl;
  });
}

int PathViews::answering_up_to(int hop) const {
  hop = std::min(hop, path_.distance() - 1);
  while (hop > 0 && !answers(hop)) --hop;
  return std::max(hop, 0);
}

std::vector<IpAddress> PathViews::not_passed(std::span<const View> views) const {
  std::vector<IpAddress> others;
  for (std::size_t i = 0; i < path_.splits.size(); ++i) {
    const Split& split = path_.splits[i];
    for (std::size_t branch = 0; branch < split.branches(); ++branch) {
      const bool is_passed =
          std::any_of(views.begin(), views.end(), [&](const View& view) { return view.branches[i] == branch; });
      for (int hop = split.at + 1; !is_passed && hop <= split.at + split.length(); ++hop) {
        const auto index = static_cast<std::size_t>(hop - split.at) - 1;
        others.push_back(branch == 0 ? path_.hop(hop).address : split.others[branch - 1][index].address);
      }
    }
  }
  return others;
}

}  // namespace smtpath::test
