// Sets of ports against the same sets port by port.

#include "io/port_set.h"

#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace smtpath::io {
namespace {

constexpr std::size_t kPorts = 65536;
using Ports = std::bitset<kPorts>;

Ports ports_of(const PortSet& set) {
  Ports ports;
  if (set.is_all()) return ports.set();
  for (const facts::PortRange& range : set.ranges()) {
    for (std::size_t port = range.first.number; port <= range.last.number; ++port) ports.set(port);
  }
  return ports;
}

class RandomSets {
 public:
  explicit RandomSets(unsigned seed) : random_(seed) {}

  /// Among few ports, so that ranges meet; now and then at the ends of all.
  PortSet next() {
    std::vector<facts::PortRange> ranges;
    for (auto i = random_() % 6; i > 0; --i) {
      const auto first = static_cast<std::uint16_t>(random_() % 20 == 0 ? 0 : random_() % 40);
      const auto last = static_cast<std::uint16_t>(random_() % 20 == 0 ? 65535 : first + random_() % 5);
      ranges.push_back({Port{first}, Port{last}});
    }
    return random_() % 10 == 0 ? PortSet() : PortSet(std::move(ranges));
  }

 private:
  std::mt19937 random_;
};

TEST(PortSet, ComputesAsPortByPort) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  RandomSets sets(seed);
  for (int round = 0; round < 300; ++round) {
    const PortSet one = sets.next();
    const PortSet other = sets.next();
    ASSERT_EQ(ports_of(one & other), ports_of(one) & ports_of(other));
    ASSERT_EQ(ports_of(one | other), ports_of(one) | ports_of(other));
    ASSERT_EQ(ports_of(~one), ~ports_of(one));
    ASSERT_EQ(one.is_empty(), ports_of(one).none());
  }
}

TEST(PortSet, RangesRiseAndStandApart) {
  const PortSet set({{Port{25}, Port{25}}, {Port{10}, Port{20}}, {Port{26}, Port{30}}, {Port{5}, Port{12}}});
  const std::vector<facts::PortRange> expected{{Port{5}, Port{20}}, {Port{25}, Port{30}}};
  EXPECT_EQ(set.ranges(), expected);
}

TEST(PortSet, ARangeThatEndsBeforeItBeginsIsEmpty) {
  EXPECT_TRUE(PortSet(587, 25).is_empty());
}

TEST(PortSet, AllPortsAreNoRanges) {
  EXPECT_TRUE(PortSet(0, 65535).is_all());
  EXPECT_TRUE(PortSet(0, 65535).ranges().empty());
  EXPECT_TRUE((~PortSet()).is_empty());
}

PortSet every_other_port(std::uint16_t from, int count) {
  std::vector<facts::PortRange> ranges;
  for (int i = 0; i < count; ++i) {
    const Port port{static_cast<std::uint16_t>(from + 2 * i)};
    ranges.push_back({port, port});
  }
  return PortSet(std::move(ranges));
}

TEST(PortSet, WhatTakesTooManyRangesBecomesMoreThanItWas) {
  const PortSet low = every_other_port(0, 256);
  const PortSet high = every_other_port(1001, 256);
  EXPECT_TRUE((low | high).is_all());
  const PortSet many = every_other_port(0, 400);
  EXPECT_EQ(ports_of(many & many) & ports_of(many), ports_of(many));
}

}  // namespace
}  // namespace smtpath::io
