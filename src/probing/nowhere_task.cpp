#include "probing/nowhere_task.h"

#include <algorithm>

#include "probing/suspicion.h"
#include "smtpath/path/flow_mark.h"
#include "smtpath/path/nowhere.h"

namespace smtpath::probing {

namespace {

constexpr std::size_t kMostPortsAsked = 4;
constexpr int kTries = 2;

bool is_answered(const path::PathTrace& known, Port port) {
  if (!known.nowhere) return false;
  return std::any_of(known.nowhere->flows.begin(), known.nowhere->flows.end(), [&](const path::FlowTrace& flow) {
    if (flow.destination_port != port) return false;
    return !flow.unattributed.empty() ||
           std::any_of(flow.probes.begin(), flow.probes.end(),
                       [](const path::Probe& probe) { return !probe.replies.empty() || !path::has_left(probe); });
  });
}

/// Only what one target needs.
path::Plan part_of(const path::Plan& plan, std::size_t target) {
  return {.key = plan.key, .source_ports = plan.source_ports, .targets = {plan.targets.at(target)}};
}

}  // namespace

NowhereTask::NowhereTask(const path::Plan& plan, std::size_t target, Ttl ttl)
    : plan_(part_of(plan, target)), target_(target), ttl_(ttl) {}

void NowhereTask::plan(const Situation& situation, const path::PathTrace& known) {
  wake_.reset();
  if (!has_begun_) take_up(situation);
  has_begun_ = true;
  is_settled_ = true;
  for (Question& question : questions_) {
    if (question.is_due) {
      is_settled_ = false;
      continue;
    }
    if (is_answered(known, plan_.targets[0].ports[question.port].port)) continue;
    const Time expiry = question.sent + situation.patience;
    if (situation.now < expiry) {
      is_settled_ = false;
      wake_ = std::min(wake_.value_or(expiry), expiry);
    } else if (question.asked < kTries) {
      is_settled_ = false;
      question.is_due = true;
    }
  }
}

void NowhereTask::take_up(const Situation& situation) {
  const path::TargetPlan& target = plan_.targets[0];
  if (!target.nowhere || plan_.source_ports.empty()) return;
  for (std::size_t port = 0; port < target.ports.size() && questions_.size() < kMostPortsAsked; ++port) {
    const bool has_room = path::flow_to_nowhere(target, target_, port, 0).has_value();
    if (!has_room || !is_suspicious(situation, situation.path_of(target.ports[port].port))) continue;
    questions_.push_back({.port = port, .asked = 0, .sent = {}, .is_due = true});
  }
}

std::optional<std::span<const std::byte>> NowhereTask::poll_transmit(Time now) {
  const auto due =
      std::find_if(questions_.begin(), questions_.end(), [](const Question& question) { return question.is_due; });
  if (due == questions_.end()) return std::nullopt;
  const path::TargetPlan& target = plan_.targets[0];
  const path::PortPlan& asked = target.ports[due->port];
  const auto flow = path::flow_to_nowhere(target, target_, due->port, 0);
  const path::FlowMark mark = path::FlowMarks(plan_.key).of(*flow);
  due->is_due = false;
  due->sent = now;
  ++due->asked;
  syn_.emplace(wire::SynFields{.source = asked.source.value_or(target.source),
                               .destination = *target.nowhere,
                               .source_port = plan_.source_ports.front(),
                               .destination_port = asked.port,
                               .sequence = mark.sequence,
                               .flow_label = mark.timestamp_base & 0xfffffU});
  const auto number = static_cast<std::uint16_t>(due->asked);
  return syn_->stamp({.ttl = ttl_, .number = number, .timestamp = mark.timestamp_base + number});
}

}  // namespace smtpath::probing
