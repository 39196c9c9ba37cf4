// Many tracers behind one clock, driven in virtual time without a network.

#include "app/tracer_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace smtpath::app {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1'700'000'000s};

path::Plan plan_for(std::size_t targets) {
  path::Plan plan;
  for (std::uint16_t port = 40'001; port <= 40'016; ++port) plan.source_ports.push_back(Port{port});
  for (std::size_t i = 0; i < targets; ++i) {
    const std::array bytes{std::byte{203}, std::byte{0}, std::byte{113}, static_cast<std::byte>(i + 1)};
    plan.targets.push_back({.address = IpAddress::v4(bytes),
                            .source = IpAddress::parse("192.0.2.2").value(),
                            .ports = {{.port = Port{25}}, {.port = Port{587}, .role = path::Role::Control}}});
  }
  return plan;
}

TracerPool pool_for(const path::Plan& plan) {
  TracerPool pool;
  for (std::size_t i = 0; i < plan.targets.size(); ++i) pool.add(i, probing::Tracer(plan, i, {}, kStart));
  return pool;
}

Frame frame_of(Time time, std::span<const std::byte> packet) {
  return {.time = time,
          .link = LinkType::Raw,
          .bytes = packet,
          .original_length = static_cast<std::uint32_t>(packet.size()),
          .refused = std::nullopt};
}

TEST(TracerPool, LetsTracersTakeTurns) {
  const path::Plan plan = plan_for(3);
  TracerPool pool = pool_for(plan);
  std::vector<std::size_t> order;
  while (const auto outgoing = pool.poll_transmit(kStart)) order.push_back(outgoing->target);
  ASSERT_GE(order.size(), 6U);
  EXPECT_EQ(std::vector(order.begin(), order.begin() + 6), (std::vector<std::size_t>{0, 1, 2, 0, 1, 2}));
}

TEST(TracerPool, AsksForAttentionAtOnceWhenThereIsNews) {
  const path::Plan plan = plan_for(2);
  path::Observer observer(plan);
  TracerPool pool = pool_for(plan);
  while (pool.poll_transmit(kStart)) continue;
  ASSERT_TRUE(pool.next());
  EXPECT_GT(*pool.next(), kStart);
  pool.note_news(1);
  pool.note_news(1);
  EXPECT_LE(*pool.next(), kStart);
  EXPECT_TRUE(pool.advance(kStart, observer).empty());
  EXPECT_GT(*pool.next(), kStart);
}

TEST(TracerPool, PassesOverNewsOfTargetsThatNobodyTraces) {
  TracerPool pool;
  pool.note_news(7);
  EXPECT_EQ(pool.next(), std::nullopt);
  EXPECT_FALSE(pool.poll_transmit(kStart));
}

TEST(TracerPool, BringsEveryTracerToItsEndThoughNobodyAnswers) {
  constexpr std::size_t kTargets = 40;
  const path::Plan plan = plan_for(kTargets);
  path::Observer observer(plan);
  TracerPool pool = pool_for(plan);
  std::set<std::size_t> finished;
  Time now = kStart;
  for (int step = 0; pool.size() > 0 && step < 100'000; ++step) {
    while (const auto outgoing = pool.poll_transmit(now)) {
      if (observer.handle_frame(frame_of(now, outgoing->packet))) pool.note_news(outgoing->target);
    }
    const auto next = pool.next();
    ASSERT_TRUE(next) << "somebody waits for nothing";
    now = std::max(now, *next);
    for (const std::size_t target : pool.advance(now, observer)) {
      EXPECT_TRUE(finished.insert(target).second) << target << " finished twice";
    }
  }
  EXPECT_EQ(finished.size(), kTargets);
  EXPECT_EQ(pool.next(), std::nullopt);
  EXPECT_LT(now - kStart, 60s);
}

}  // namespace
}  // namespace smtpath::app
