// Blocks that targets share, as tables: the verdicts of some targets, and what they amount to.

#include "smtpath/verdict/common_blocks.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace smtpath::verdict {
namespace {

constexpr Port kMail{25};
constexpr Port kSubmission{587};

IpAddress ip(const std::string& text) {
  return IpAddress::parse(text).value();
}

HopReference hop(int ttl, const std::string& address = {}) {
  const auto at = address.empty() ? std::optional<IpAddress>() : ip(address);
  return {.ttl = Ttl{static_cast<std::uint8_t>(ttl)}, .address = at};
}

Verdict open() {
  return {
      .kind = Kind::Open, .confidence = Confidence::High, .cause = {}, .reason = {}, .location = {}, .evidence = {}};
}

Verdict blocked(Kind kind, Location location, Confidence confidence = Confidence::High) {
  Verdict verdict = open();
  verdict.kind = kind;
  verdict.confidence = confidence;
  verdict.location = std::move(location);
  return verdict;
}

/// Silence between a hop and a farther one.
Verdict silent(HopReference last, HopReference missed, Place place = Place::Path) {
  return blocked(Kind::Dropped,
                 {.place = place, .last_reached = std::move(last), .first_missed = std::move(missed), .suspect = {}});
}

Verdict at_server(Kind kind, const std::string& server) {
  return blocked(
      kind,
      {.place = Place::Destination, .last_reached = hop(8, server), .first_missed = {}, .suspect = hop(8, server)});
}

/// Eight hops away, with 25 as it says and 587 open.
JudgedTarget target(const std::string& address, Verdict mail, std::vector<IpAddress> routers = {}) {
  return {.address = ip(address),
          .distance = Ttl{8},
          .ports = {{.port = kMail, .verdict = std::move(mail), .routers = routers},
                    {.port = kSubmission, .is_control = true, .verdict = open(), .routers = routers}}};
}

std::vector<CommonBlock> found_in(const std::vector<JudgedTarget>& targets) {
  CommonBlocks blocks;
  for (const JudgedTarget& target : targets) blocks.add(target);
  return blocks.found();
}

CommonBlock only_block_of(const std::vector<JudgedTarget>& targets) {
  const std::vector<CommonBlock> found = found_in(targets);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? CommonBlock{} : found.front();
}

const HopReference kNear = hop(2, "10.9.0.1");

TEST(CommonBlocks, NearbyForDifferentNetworksAreOutgoingPolicy) {
  const CommonBlock block = only_block_of({target("192.0.2.1", silent(kNear, hop(3, "10.9.1.1"))),
                                           target("198.51.100.1", silent(kNear, hop(3, "10.9.1.1"))),
                                           target("203.0.113.1", silent(kNear, hop(3, "10.9.1.1")))});
  EXPECT_EQ(block.judgement, Judgement::OutgoingPolicy);
  EXPECT_EQ(block.targets, 3U);
  EXPECT_EQ(block.asked, 3U);
  EXPECT_EQ(block.networks, 3U);
  EXPECT_TRUE(block.is_exact);
  EXPECT_EQ(block.others, (std::vector<OtherPort>{{.port = kSubmission, .open = 3, .refused = 0}}));
  EXPECT_EQ(block.verdict.confidence, Confidence::High);
  EXPECT_EQ(block.verdict.location->last_reached, kNear);
  EXPECT_EQ(block.verdict.location->first_missed, hop(3, "10.9.1.1"));
  EXPECT_FALSE(block.verdict.location->suspect);
}

TEST(CommonBlocks, AreNoneForASingleTarget) {
  EXPECT_TRUE(found_in({target("192.0.2.1", silent(kNear, hop(3)))}).empty());
  EXPECT_TRUE(found_in({target("192.0.2.1", silent(kNear, hop(3))), target("198.51.100.1", open())}).empty());
}

TEST(CommonBlocks, StayApartWhereKindOrPlaceDiffers) {
  EXPECT_TRUE(
      found_in(
          {target("192.0.2.1", silent(kNear, hop(3))), target("198.51.100.1", silent(hop(2, "10.9.0.2"), hop(3))),
           target("203.0.113.1",
                  blocked(Kind::Rejected,
                          {.place = Place::Path, .last_reached = kNear, .first_missed = hop(3), .suspect = kNear})),
           target("2001:db8::1", silent(kNear, hop(3)))})
          .empty());
}

TEST(CommonBlocks, AreNoSurerThanTheirParts) {
  JudgedTarget unsure = target("198.51.100.1", silent(kNear, hop(3, "10.9.1.1")));
  unsure.ports[0].verdict.confidence = Confidence::Low;
  EXPECT_EQ(only_block_of({target("192.0.2.1", silent(kNear, hop(3, "10.9.1.1"))), unsure}).verdict.confidence,
            Confidence::Low);
}

TEST(CommonBlocks, AtTheEdgeMayBeEachServersOwn) {
  const CommonBlock block = only_block_of({target("192.0.2.1", silent(kNear, hop(3, "192.0.2.1"), Place::Edge)),
                                           target("198.51.100.1", silent(kNear, hop(3, "198.51.100.1"), Place::Edge))});
  EXPECT_EQ(block.judgement, Judgement::OutgoingPolicy);
  EXPECT_EQ(block.verdict.confidence, Confidence::Medium);
  EXPECT_FALSE(block.verdict.location->first_missed) << "they differ";
}

TEST(CommonBlocks, OfOneNetworkAreNotHeldAgainstThisOne) {
  const auto of_one_network = [](Place place) {
    return only_block_of(
        {target("192.0.2.1", silent(kNear, hop(3), place)), target("192.0.2.200", silent(kNear, hop(3), place))});
  };
  EXPECT_EQ(of_one_network(Place::Path).judgement, Judgement::Unknown);
  EXPECT_EQ(of_one_network(Place::Edge).judgement, Judgement::Servers);
  EXPECT_EQ(
      only_block_of({target("2001:db8:1::1", silent(kNear, hop(3))), target("2001:db8:1:9::1", silent(kNear, hop(3)))})
          .networks,
      1U);
}

TEST(CommonBlocks, BehindSilentRoutersMayBeSeveral) {
  // Each server may drop by itself: nothing between hop 2 and it shows whose block this is.
  const CommonBlock block = only_block_of({target("192.0.2.1", silent(kNear, hop(8, "192.0.2.1"))),
                                           target("198.51.100.1", silent(kNear, hop(8, "198.51.100.1")))});
  EXPECT_EQ(block.judgement, Judgement::Unknown);
}

TEST(CommonBlocks, FarAwayAreOfTheCommonPath) {
  const HopReference far = hop(6, "10.9.0.1");
  EXPECT_EQ(
      only_block_of({target("192.0.2.1", silent(far, hop(7))), target("198.51.100.1", silent(far, hop(7)))}).judgement,
      Judgement::CommonPath);
}

TEST(CommonBlocks, WithoutAPortThatGetsThroughAreNoPolicyOnAPort) {
  std::vector<JudgedTarget> targets{target("192.0.2.1", silent(kNear, hop(3))),
                                    target("198.51.100.1", silent(kNear, hop(3)))};
  targets[1].ports.pop_back();
  EXPECT_EQ(only_block_of(targets).judgement, Judgement::CommonPath);
}

TEST(CommonBlocks, PassedByOthersAtTheSameRouterAreMixed) {
  const CommonBlock block = only_block_of(
      {target("192.0.2.1", silent(kNear, hop(3))), target("203.0.113.1", open(), {ip("10.9.0.1"), ip("10.9.0.1")}),
       target("203.0.113.2", open(), {ip("10.9.0.9")}), target("198.51.100.1", silent(kNear, hop(3)))});
  EXPECT_EQ(block.judgement, Judgement::Mixed);
  EXPECT_EQ(block.passed_there, 1U);
  EXPECT_EQ(block.asked, 4U);
}

TEST(CommonBlocks, OfThisHostAndOfTheServersAreCalledSo) {
  const Verdict local = blocked(
      Kind::Dropped, {.place = Place::Local, .last_reached = hop(0), .first_missed = hop(1), .suspect = hop(0)});
  EXPECT_EQ(only_block_of({target("192.0.2.1", local), target("192.0.2.2", local)}).judgement, Judgement::ThisHost);
  const CommonBlock refused = only_block_of({target("192.0.2.1", at_server(Kind::Refused, "192.0.2.1")),
                                             target("198.51.100.1", at_server(Kind::Refused, "198.51.100.1"))});
  EXPECT_EQ(refused.judgement, Judgement::Servers);
  EXPECT_FALSE(refused.verdict.location) << "each has its own";
}

TEST(CommonBlocks, OfClosedControlsAreNotSpokenOf) {
  JudgedTarget closed = target("192.0.2.1", open());
  closed.ports[1].verdict = at_server(Kind::Refused, "192.0.2.1");
  EXPECT_TRUE(found_in({closed, closed}).empty());
}

TEST(CommonBlocks, CountTargetsWhosePacketsShowLess) {
  const std::vector<JudgedTarget> targets{
      target("192.0.2.1", silent(kNear, hop(3))),
      target("198.51.100.1", silent(kNear, hop(3))),
      // Silent routers leave room for hop 2.
      target("203.0.113.1", silent(hop(0), hop(3))),
      target("203.0.113.2", silent(hop(0), hop(3))),
      target("203.0.113.3", silent(hop(1, "10.8.0.1"), hop(4))),
      // These do not.
      target("203.0.113.4", silent(hop(1, "10.8.0.9"), hop(2))),
      target("203.0.113.5", silent(hop(2, "10.9.0.7"), hop(3))),
  };
  const CommonBlock block = only_block_of(targets);
  EXPECT_EQ(block.targets, 2U);
  EXPECT_EQ(block.may_share, 3U);
}

TEST(CommonBlocks, OfPortsThatFareAlikeAreOne) {
  std::vector<JudgedTarget> targets{target("192.0.2.1", silent(kNear, hop(3))),
                                    target("198.51.100.1", silent(kNear, hop(3)))};
  for (JudgedTarget& target : targets) {
    target.ports.push_back({.port = Port{465}, .is_control = true, .verdict = silent(kNear, hop(3)), .routers = {}});
  }
  EXPECT_EQ(only_block_of(targets).ports, (std::vector<Port>{kMail, Port{465}}));
  // The same number of targets, but others.
  targets.push_back(target("203.0.113.1", silent(kNear, hop(3))));
  targets[0].ports.pop_back();
  targets.push_back(targets[1]);
  targets[3].ports.erase(targets[3].ports.begin());
  EXPECT_EQ(found_in(targets).size(), 2U);
}

TEST(CommonBlocks, StayBoundedAndSaySo) {
  CommonBlocks blocks;
  constexpr int kMany = 20'000;
  const auto number = [](int i) { return std::to_string(i / 256) + "." + std::to_string(i % 256); };
  for (int i = 0; i < kMany; ++i) {
    blocks.add(target("10." + number(i) + ".1", silent(hop(7, "11." + number(i) + ".1"), hop(8), Place::Edge)));
    if (i % 10 == 0) blocks.add(target("12." + number(i) + ".1", silent(kNear, hop(3))));
  }
  const std::vector<CommonBlock> found = blocks.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().targets, static_cast<std::uint64_t>(kMany / 10)) << "met before the table was full";
  EXPECT_FALSE(found.front().is_exact) << "so many networks are not told apart";
  EXPECT_GT(found.front().networks, 100U);
  EXPECT_GT(blocks.uncounted(), static_cast<std::uint64_t>(kMany / 2));
}

}  // namespace
}  // namespace smtpath::verdict
