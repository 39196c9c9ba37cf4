#include "netns/traced.h"

#include <algorithm>
#include <stdexcept>

namespace smtpath::test {

namespace {

constexpr std::size_t kSideBySide = 4;

Traced trace_in(const io::Lab& lab, Family family, const std::string& evidence) {
  Traced traced{.live = {}, .replayed = {}, .addresses = {}, .evidence = evidence};
  for (int node = 0; node <= lab.server_node(); ++node) {
    traced.addresses.push_back(to_string(lab.address_of(node, family)));
  }
  traced.live = run_in(lab, {kProgram, "trace", "--json", "-", "--write", evidence, to_string(lab.server(family))});
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
  auto ipv6 = std::async(std::launch::async,
                         [&] { return trace_in(lab, Family::Ipv6, folder_.file(scenario.name + "-ipv6.pcapng")); });
  Traced ipv4 = trace_in(lab, Family::Ipv4, folder_.file(scenario.name + "-ipv4.pcapng"));
  return {std::move(ipv4), ipv6.get()};
}

}  // namespace smtpath::test
