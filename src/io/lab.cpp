#include "smtpath/io/lab.h"

#include <fmt/core.h>
#include <sched.h>

#include <cassert>
#include <cerrno>
#include <utility>

#include "io/command.h"
#include "io/lab_links.h"
#include "io/lab_node.h"
#include "io/lab_plan.h"
#include "io/lab_process.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

Result<Done> await_all(const std::vector<LabProcess>& members) {
  for (const LabProcess& member : members) {
    if (auto report = member.await_report(); !report) return report;
  }
  return Done{};
}

// From within one of the lab's own namespaces, so that nothing of the lab is ever in the host's.
Result<Done> lay(const std::vector<LabCable>& cables, const std::vector<LabProcess>& members) {
  std::string batch;
  for (const LabCable& cable : cables) {
    batch += fmt::format("link add name {} netns {} type veth peer name {} netns {}\n", cable.near.interface,
                         members[cable.near.member].id(), cable.far.interface, members[cable.far.member].id());
  }
  const auto network = members.front().network();
  if (!network) return network.error();
  return feed({"ip", "-batch", "-"}, batch, network.value());
}

}  // namespace

Lab::Lab(LabSpec spec) : spec_(std::move(spec)) {}
Lab::Lab(Lab&& other) noexcept = default;
Lab& Lab::operator=(Lab&& other) noexcept = default;
Lab::~Lab() = default;

Result<Lab> Lab::build(const LabSpec& spec) {
  const auto plan = plan_lab(spec);
  if (!plan) return plan.error();
  Lab lab(spec);
  for (const LabMember& member : plan.value().members) {
    auto process = LabProcess::start(member.name, [&](const LabParent& parent) { live_as(member, parent); });
    if (!process) return process.error();
    lab.members_.push_back(std::move(process).value());
  }
  if (auto ready = await_all(lab.members_); !ready) return ready.error();
  if (auto laid = lay(plan.value().cables, lab.members_); !laid) return laid.error();
  for (const LabProcess& member : lab.members_) member.let_go_on();
  if (auto up = await_all(lab.members_); !up) return up.error();
  return lab;
}

IpAddress Lab::address_of(int node, Family family) const {
  assert(node >= 0 && node <= last_node());
  return lab_address(spec_, node, family);
}

Result<LabOutcome> Lab::run_in(int node, const LabCommand& command) const {
  assert(node >= 0 && node <= last_node());
  const auto network = members_[static_cast<std::size_t>(node)].network();
  if (!network) return network.error();
  return run_command(command, {}, network.value());
}

Result<Done> Lab::enter(int node) const {
  assert(node >= 0 && node <= last_node());
  const auto network = members_[static_cast<std::size_t>(node)].network();
  if (!network) return network.error();
  if (setns(network.value().number(), CLONE_NEWNET) != 0) {
    return system_error(fmt::format("enter node {}", node), errno);
  }
  return Done{};
}

std::vector<int> Lab::processes() const {
  std::vector<int> ids;
  for (const LabProcess& member : members_) ids.push_back(member.id());
  return ids;
}

}  // namespace smtpath::io
