#include "netns/traced.h"

#include <algorithm>
#include <stdexcept>

namespace smtpath::test {

namespace {

constexpr std::size_t kSideBySide = 4;

std::vector<LabHost> path_of(const Scenario& scenario) {
  if (!scenario.path.empty()) return scenario.path;
  std::vector<LabHost> chain{{1, 2}};
  for (int node = 1; node <= scenario.network.routers + 1; ++node) chain.push_back({node, 1});
  return chain;
}

Traced trace_in(const io::Lab& lab, const Scenario& scenario, Family family, const std::string& evidence) {
  Traced traced{.live = {}, .replayed = {}, .addresses = {}, .evidence = evidence};
  for (const LabHost hop : path_of(scenario)) traced.addresses.push_back(to_string(hop, family));
  std::vector<std::string> argv{kProgram, "trace", "--no-mail", "--json", "-", "--write", evidence};
  argv.insert(argv.end(), scenario.options.begin(), scenario.options.end());
  argv.push_back(to_string(scenario.target, family));
  traced.live = run_in(lab, std::move(argv));
  traced.replayed = run_here({kProgram, "analyze", "--json", "-", evidence});
  return traced;
}

}  // namespace

TracedScenarios::TracedScenarios(std::vector<Scenario> scenarios)
    : scenarios_(std::move(scenarios)), promises_(scenarios_.size()) {
  for (auto& promise : promises_) results_.push_back(promise.get_future().share());
  for (std::size_t i = 0; i < kSideBySide; ++i) workers_.emplace_back([this] { work(); });
}

TracedScenarios::~TracedScenarios() {
  for (std::thread& worker : workers_) worker.join();
}

const Traced& TracedScenarios::of(const std::string& scenario, Family family) {
  const auto found =
      std::find_if(scenarios_.begin(), scenarios_.end(), [&](const Scenario& each) { return each.name == scenario; });
  if (found == scenarios_.end()) throw std::runtime_error("not traced: " + scenario);
  const BothFamilies& both = results_.at(static_cast<std::size_t>(found - scenarios_.begin())).get();
  return family == Family::Ipv4 ? both[0] : both[1];
}

void TracedScenarios::work() {
  for (std::size_t i = next_++; i < scenarios_.size(); i = next_++) {
    try {
      promises_[i].set_value(trace(scenarios_[i]));
    } catch (...) {
      promises_[i].set_exception(std::current_exception());
    }
  }
}

TracedScenarios::BothFamilies TracedScenarios::trace(const Scenario& scenario) const {
  const io::Lab lab = build(scenario.network);
  const auto trace_over = [&](Family family) {
    const std::string evidence = scenario.name + "-" + std::string(to_string(family)) + ".pcapng";
    return trace_in(lab, scenario, family, folder_.file(evidence));
  };
  auto ipv6 = std::async(std::launch::async, [&] { return trace_over(Family::Ipv6); });
  Traced ipv4 = trace_over(Family::Ipv4);
  return {std::move(ipv4), ipv6.get()};
}

}  // namespace smtpath::test
