// What the options of a run change.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/network_builder.h"
#include "unit/probing/sent_probes.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};

std::size_t source_ports_of(const Simulation& run, Port port) {
  std::set<Port> sources;
  for (const SentProbe& probe : sent_syns(run, port)) sources.insert(probe.source_port);
  return sources.size();
}

TEST(TracerOptions, TriesEachTtlAsOftenAsAsked) {
  const auto run = trace_path(routers(5).server().open(kSmtp), {.tries = 3, .wait = {}}, {usual_ports().front()});
  std::map<Ttl, int> tries;
  for (const SentProbe& probe : sent_syns(run)) ++tries[probe.ttl];
  for (int hop = 1; hop <= 4; ++hop) EXPECT_EQ(tries[Ttl{} + hop], 3) << "hop " << hop;
}

TEST(TracerOptions, KnocksFromAsManyFurtherSourcePortsAsAsked) {
  const NetworkPath path = routers(5).at(3).drops(kSmtp).server().open(Port{587});
  EXPECT_EQ(source_ports_of(trace_path(path, {.flows = 2, .wait = {}}), kSmtp), 3U);
  EXPECT_EQ(source_ports_of(trace_path(path, {.flows = 7, .wait = {}}), kSmtp), 8U);
}

TEST(TracerOptions, NeverKnocksFromMoreSourcePortsThanThereAre) {
  const NetworkPath path = routers(5).at(3).drops(kSmtp).server().open(Port{587});
  const auto run = trace_path(path, {.flows = 40, .wait = {}});
  EXPECT_TRUE(run.finished);
  EXPECT_LE(source_ports_of(run, kSmtp), 16U);
}

TEST(TracerOptions, WaitsForEachReplyAsLongAsAsked) {
  const NetworkPath path = routers(5).at(3).drops(kSmtp).server().open(Port{587});
  const auto hasty = trace_path(path, {.wait = 200ms});
  const auto patient = trace_path(path, {.wait = 2s});
  EXPECT_TRUE(hasty.finished);
  EXPECT_TRUE(patient.finished);
  EXPECT_LT(hasty.duration(), patient.duration());
  const auto sent = sent_syns(patient, kSmtp);
  EXPECT_GE(patient.end - sent.back().at, 2s) << "the last probe too";
}

TEST(TracerOptions, StopAtTheLastTtlThoughTheHostIsFarther) {
  const auto run = trace_path(routers(20).server().open(kSmtp), {.max_ttl = Ttl{8}, .wait = {}});
  EXPECT_TRUE(run.finished);
  EXPECT_EQ(run.syns_at_server(kSmtp), 0U);
}

TEST(TracerOptions, WithOneTtlLeftAsksNoOther) {
  const auto run = trace_path(routers(5).server().open(kSmtp), {.first_ttl = Ttl{6}, .max_ttl = Ttl{6}, .wait = {}});
  EXPECT_TRUE(run.finished);
  for (const SentProbe& probe : sent_syns(run)) EXPECT_EQ(probe.ttl, Ttl{6});
}

// Routers 4 and 4' of two branches say nothing, so that no hop shows the split.
TEST(TracerOptions, AsksAllSourcePortsOncePartOfThemIsAnsweredOtherwise) {
  const auto path_that = [](bool resets) {
    NetworkBuilder path = routers(6);
    path.at(3).splits(2).at(4).silent().branch(0, 1).silent();
    if (resets) path.resets(kSmtp);
    return path.server().open(kSmtp).open(Port{587});
  };
  constexpr std::size_t kSlots = 16;
  EXPECT_EQ(source_ports_of(trace_path(path_that(true)), kSmtp), kSlots);
  EXPECT_EQ(source_ports_of(trace_path(path_that(true)), Port{587}), kSlots) << "a port beside it";
  EXPECT_LT(source_ports_of(trace_path(path_that(false)), Port{587}), kSlots) << "where nothing differs";
}

}  // namespace
}  // namespace smtpath::test
