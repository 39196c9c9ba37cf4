// What each probe looks like.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/network_builder.h"
#include "support/random_path.h"
#include "unit/probing/sent_probes.h"

namespace smtpath::test {
namespace {

using Flow = std::pair<Port, Port>;

Flow flow_of(const SentProbe& probe) {
  return {probe.source_port, probe.port};
}

constexpr std::uint64_t kSeeds = 5;

TEST(TracerProbes, KeepOneSequenceNumberWithinAFlow) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::map<Flow, std::set<std::uint32_t>> sequences;
    for (const SentProbe& probe : sent_syns(trace_path(random_path(seed).path, {}, usual_ports(), seed))) {
      sequences[flow_of(probe)].insert(probe.sequence);
    }
    for (const auto& [flow, seen] : sequences) EXPECT_EQ(seen.size(), 1U) << "seed " << seed;
  }
}

TEST(TracerProbes, CarryTimestampsThatRiseInSendingOrder) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::map<Flow, std::uint32_t> last;
    for (const SentProbe& probe : sent_syns(trace_path(random_path(seed).path, {}, usual_ports(), seed))) {
      const auto known = last.find(flow_of(probe));
      if (known != last.end()) {
        EXPECT_EQ(probe.timestamp - known->second, 1U) << "seed " << seed;
      }
      last[flow_of(probe)] = probe.timestamp;
    }
  }
}

TEST(TracerProbes, HaveTtlsBetweenTheFirstAndTheLastAskedFor) {
  const probing::TracerOptions options{.first_ttl = Ttl{3}, .max_ttl = Ttl{9}, .wait = {}};
  for (const NetworkPath& path : {NetworkPath(routers(5).server().open(Port{25})), NetworkPath(routers(20)),
                                  NetworkPath(routers(6).at(4).drops(Port{25}).server().open(Port{587})),
                                  NetworkPath(routers(6).at(5).resets(Port{25}).server().open(Port{587}))}) {
    for (const SentProbe& probe : sent_syns(trace_path(path, options))) {
      EXPECT_GE(probe.ttl, options.first_ttl);
      EXPECT_LE(probe.ttl, options.max_ttl);
    }
  }
}

TEST(TracerProbes, BeginWithAKnockOfTheFullTtl) {
  const auto run = trace_path(routers(5).server().open(Port{25}), {.max_ttl = Ttl{17}, .wait = {}});
  for (const path::PortPlan& asked : usual_ports()) {
    const auto sent = sent_syns(run, asked.port);
    if (!sent.empty()) {
      EXPECT_EQ(sent.front().ttl, Ttl{17}) << asked.port.number;
    }
  }
}

TEST(TracerProbes, ComeFromSeveralSourcePortsBeforeAPortCountsAsSilent) {
  const auto run = trace_path(routers(5).at(3).drops(Port{25}).server().open(Port{587}));
  std::set<Port> sources;
  for (const SentProbe& probe : sent_syns(run, Port{25})) sources.insert(probe.source_port);
  EXPECT_GE(sources.size(), 3U);
}

TEST(TracerProbes, OfSixFlowsAreSilentAtTheNextHopBeforeAPortEndsShortOfIt) {
  const auto run = trace_path(routers(5).at(3).drops(Port{25}).server().open(Port{587}));
  std::set<Port> sources;
  for (const SentProbe& probe : sent_syns(run, Port{25})) {
    if (probe.ttl == Ttl{4}) sources.insert(probe.source_port);
  }
  EXPECT_GE(sources.size(), 6U);
}

TEST(TracerProbes, OfAFlowNeverReachTheHostTwoAtATime) {
  // Every link takes 20 ms, so a second full-distance SYN within 120 ms would come before the answer to the first.
  constexpr int kDistance = 3;
  NetworkPath path = routers(kDistance - 1).server().open(Port{25}).open(Port{587});
  for (Device& device : path.devices) device.link.latency = std::chrono::milliseconds(20);
  const auto run = trace_path(path);
  std::map<Flow, Time> last;
  int seen = 0;
  for (const SentProbe& probe : sent_syns(run)) {
    if (probe.ttl < Ttl{kDistance}) continue;
    const auto known = last.find(flow_of(probe));
    if (known != last.end()) {
      EXPECT_GE(probe.at - known->second, std::chrono::milliseconds(120)) << ++seen;
    }
    last[flow_of(probe)] = probe.at;
  }
}

TEST(TracerProbes, OfOneFlowDoNotReachTheHostTwoAtATimeThoughPacketsAreLost) {
  constexpr int kDistance = 5;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const NetworkPath path = routers(kDistance - 1).at(2).loses(0.1, 0.1).server().open(Port{25}).open(Port{587});
    std::map<Flow, Time> last;
    for (const SentProbe& probe : sent_syns(trace_path(path, {}, usual_ports(), seed))) {
      if (probe.ttl < Ttl{kDistance}) continue;
      const auto known = last.find(flow_of(probe));
      if (known != last.end()) {
        EXPECT_GE(probe.at - known->second, std::chrono::milliseconds(10)) << "seed " << seed;
      }
      last[flow_of(probe)] = probe.at;
    }
  }
}

}  // namespace
}  // namespace smtpath::test
