// The simulated Internet: its hosts are as declared, and what comes back from them is what their paths say.

#include "support/internet.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <variant>

#include "smtpath/verdict/diagnose.h"
#include "smtpath/wire/decode.h"
#include "support/random_path_grade.h"
#include "support/simulation.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};

Bytes syn(const InternetTarget& target, Ttl ttl) {
  return tcp_packet({.source = target.path.client, .destination = target.address, .ttl = ttl},
                    {.source_port = Port{40001}, .destination_port = kSmtp, .sequence = 7, .flags = {.syn = true}});
}

// What comes back within ten seconds.
std::vector<Delivery> answers(Internet& internet, const Bytes& packet) {
  internet.send(kStart, packet);
  std::vector<Delivery> arrivals;
  while (internet.next_event() && *internet.next_event() < kStart + 10s) {
    const Time at = *internet.next_event();
    for (Bytes& arrived : internet.advance()) arrivals.push_back({.at = at, .packet = std::move(arrived)});
  }
  return arrivals;
}

wire::Packet decoded(const Bytes& packet) {
  const auto result = wire::decode(LinkType::Raw, packet);
  const auto* const whole = std::get_if<wire::Packet>(&result);
  return whole == nullptr ? wire::Packet{} : *whole;
}

TEST(Internet, HostsDifferAndTheSameSeedMakesTheSame) {
  const InternetSpec spec{.targets = 500, .seed = 3};
  const auto targets = internet_targets(spec);
  const auto again = internet_targets(spec);
  std::set<IpAddress> addresses;
  std::set<int> distances;
  std::size_t same_with_other_seed = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    addresses.insert(targets[i].address);
    distances.insert(targets[i].path.distance());
    EXPECT_EQ(targets[i].path.distance(), again[i].path.distance());
    const auto other = internet_target(4, targets[i].address.family(), i);
    if (other.path.distance() == targets[i].path.distance()) ++same_with_other_seed;
  }
  EXPECT_EQ(addresses.size(), targets.size());
  EXPECT_EQ(*distances.begin(), 4);
  EXPECT_EQ(*distances.rbegin(), 16);
  EXPECT_LT(same_with_other_seed, targets.size() / 2);
}

TEST(Internet, AddressesFollowTheFormula) {
  EXPECT_EQ(to_string(internet_address(Family::Ipv4, 0)), "10.64.0.1");
  EXPECT_EQ(to_string(internet_address(Family::Ipv4, 999)), "10.64.3.250");
  EXPECT_EQ(to_string(internet_address(Family::Ipv4, kMostInternetTargets - 1)), "10.64.239.250");
  EXPECT_EQ(to_string(internet_address(Family::Ipv6, 255)), "fd64::100");
  EXPECT_EQ(to_string(internet_target(1, Family::Ipv4, 999).path.hop(2).address), "10.130.3.250");
  EXPECT_EQ(to_string(internet_target(1, Family::Ipv6, 255).path.hop(3).address), "fd65:0:0:3::100");
}

TEST(Internet, EveryFateBefallsSomeHost) {
  std::map<verdict::Kind, int> kinds;
  for (const InternetTarget& target : internet_targets({.targets = 1000, .seed = 1})) {
    for (const PortTruth& truth : internet_truth(target)) ++kinds[truth.right.front().kind];
  }
  using verdict::Kind;
  for (const Kind kind : {Kind::Open, Kind::Refused, Kind::Dropped, Kind::Rejected, Kind::ResetInjected,
                          Kind::Intercepted, Kind::Loop, Kind::Unreachable}) {
    EXPECT_GT(kinds[kind], 50) << verdict::to_string(kind);
  }
}

TEST(Internet, AnswersTake20To200Milliseconds) {
  for (const InternetTarget& target : internet_targets({.targets = 300, .seed = 5})) {
    Internet internet({.targets = 300, .seed = 5});
    const auto arrived = answers(internet, syn(target, Ttl{2}));
    if (arrived.empty()) continue;
    EXPECT_GE(arrived.front().at - kStart, 20ms);
    EXPECT_LE(arrived.front().at - kStart, 200ms);
  }
}

TEST(Internet, EachHostHasRoutersOfItsOwn) {
  const InternetSpec spec{.targets = 50, .seed = 1};
  Internet internet(spec);
  for (const InternetTarget& target : internet_targets(spec)) {
    if (target.path.hop(1).is_silent || !target.path.hop(1).rules.empty()) continue;
    const auto arrived = answers(internet, syn(target, Ttl{1}));
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(decoded(arrived.front().packet).ip.source, target.path.hop(1).address);
  }
  EXPECT_GT(internet.figures().hosts, 25U);
}

TEST(Internet, LosesWhatIsForNobody) {
  Internet internet({.targets = 1});
  EXPECT_TRUE(answers(internet, syn(internet_target(1, Family::Ipv4, 7), Ttl{1})).empty());
  EXPECT_EQ(internet.figures().packets_in, 0U);
}

TEST(Internet, CountsHowItWasAsked) {
  const InternetSpec spec{.targets = 2, .seed = 1, .families = InternetFamilies::Ipv4};
  const InternetTarget target = internet_targets(spec)[1];
  Internet internet(spec);
  for (int i = 0; i < 3; ++i) internet.send(kStart + i * 400ms, syn(target, Ttl{64}));
  const InternetFigures figures = internet.figures();
  EXPECT_EQ(figures.packets_in, 3U);
  EXPECT_EQ(figures.hosts, 1U);
  EXPECT_EQ(figures.peak_probes_a_second, 3U);
}

// One router that answers, on a path where nothing else does.
InternetTarget answering_target(Family family) {
  for (std::size_t number = 0;; ++number) {
    InternetTarget target = internet_target(1, family, number);
    if (!target.path.hop(1).is_silent && target.path.hop(1).rules.empty()) return target;
  }
}

class MischiefTest : public testing::TestWithParam<Family> {
 protected:
  std::vector<Delivery> answers_with(const Mischief& mischief) const {
    const InternetFamilies families = GetParam() == Family::Ipv4 ? InternetFamilies::Ipv4 : InternetFamilies::Ipv6;
    Internet internet({.targets = 100, .seed = 1, .families = families, .mischief = mischief});
    return answers(internet, syn(target(), Ttl{1}));
  }
  InternetTarget target() const { return answering_target(GetParam()); }
};

TEST_P(MischiefTest, RoutersLabelTheirTimeExceeded) {
  const auto arrived = answers_with({.has_labels = true});
  ASSERT_EQ(arrived.size(), 1U);
  const wire::Packet packet = decoded(arrived.front().packet);
  EXPECT_FALSE(packet.has_bad_checksum);
  const auto& error = std::get<wire::IcmpError>(packet.payload);
  const auto labels = labels_of(target().path.hop(1).address);
  EXPECT_TRUE(std::equal(labels.begin(), labels.end(), error.mpls.view().begin(), error.mpls.view().end()));
  ASSERT_TRUE(error.quote);
  EXPECT_EQ(error.quote->ip.destination, target().address);
}

TEST_P(MischiefTest, RoutersRepeatThemselves) {
  const auto arrived = answers_with({.copies = 1000});
  ASSERT_EQ(arrived.size(), 1000U);
  EXPECT_EQ(arrived.front().packet, arrived.back().packet);
}

TEST_P(MischiefTest, ExtensionsHaveEveryWrongLength) {
  const auto arrived = answers_with({.has_wrong_extensions = true});
  ASSERT_EQ(arrived.size(), 256U);
  std::set<std::byte> lengths;
  std::set<std::size_t> sizes;
  for (const Delivery& each : arrived) {
    const wire::Packet packet = decoded(each.packet);
    EXPECT_FALSE(packet.has_bad_checksum);
    const auto& error = std::get<wire::IcmpError>(packet.payload);
    ASSERT_TRUE(error.quote);
    EXPECT_EQ(std::get<wire::QuotedTcp>(error.quote->transport).sequence, 7U);
    lengths.insert(each.packet[GetParam() == Family::Ipv4 ? 20 + 5 : 40 + 4]);
    sizes.insert(each.packet.size());
  }
  EXPECT_EQ(lengths.size(), 256U);
  EXPECT_GT(sizes.size(), 50U);
}

INSTANTIATE_TEST_SUITE_P(Families, MischiefTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
