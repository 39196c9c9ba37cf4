#include "traced.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/usual_paths.h"

namespace smtpath::test {

namespace {

void expect_same(const verdict::Diagnosis& live, const verdict::Diagnosis& replayed) {
  ASSERT_EQ(live.ports.size(), replayed.ports.size());
  for (std::size_t i = 0; i < live.ports.size(); ++i) {
    EXPECT_EQ(live.ports[i].verdict, replayed.ports[i].verdict) << live.ports[i].port.port.number << " replayed";
  }
}

}  // namespace

Traced trace(const NetworkPath& path) {
  return trace(path, {.ports = mail_ports_and_anchors()});
}

Traced trace(const NetworkPath& path, const TraceSettings& settings) {
  const path::Plan plan = plan_for(path, settings.ports);
  Network network(path, settings.seed);
  Traced traced{
      .target = plan.targets.front(), .run = run(plan, network, {}, Recording::On, settings.host), .diagnosis = {}};
  EXPECT_TRUE(traced.run.finished);
  traced.diagnosis = verdict::diagnose(traced.run.observer.trace(0), traced.target, {});

  path::Observer again(plan);
  for (const RecordedFrame& recorded : traced.run.frames) again.handle_frame(recorded.frame());
  again.finish(traced.run.end, traced.run.statistics);
  expect_same(traced.diagnosis, verdict::diagnose(again.trace(0), traced.target, {}));
  return traced;
}

verdict::Verdict Traced::verdict_of(Port port) const {
  const auto found = std::find_if(diagnosis.ports.begin(), diagnosis.ports.end(),
                                  [&](const auto& judged) { return judged.port.port == port; });
  EXPECT_NE(found, diagnosis.ports.end()) << port.number;
  return found == diagnosis.ports.end() ? verdict::Verdict{} : found->verdict;
}

std::size_t Traced::source_ports_of(Port port) const {
  std::set<Port> sources;
  for (const path::FlowTrace& flow : run.observer.trace(0).flows) {
    if (flow.destination_port == port && !flow.probes.empty()) sources.insert(flow.source_port);
  }
  return sources.size();
}

std::optional<int> ttl_of(const std::optional<verdict::HopReference>& hop) {
  if (!hop) return std::nullopt;
  return hop->ttl.hops;
}

void expect_between(const verdict::Verdict& verdict, int last_reached, std::optional<int> first_missed) {
  ASSERT_TRUE(verdict.location);
  EXPECT_EQ(int{verdict.location->last_reached.ttl.hops}, last_reached);
  EXPECT_EQ(ttl_of(verdict.location->first_missed), first_missed);
}

}  // namespace smtpath::test
