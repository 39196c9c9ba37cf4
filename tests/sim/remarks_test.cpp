// What routers rewrite, hide and say twice, from the simulated wire to the remarks of the report. Linux does little of
// it where its namespaces would show it; these routers do all of it.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "smtpath/report/remarks.h"
#include "support/network_builder.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr Port kPort{25};
constexpr Port kOther{587};

NetworkPath five_routers() {
  return routers(5).open(kPort).open(kOther);
}

Device& router(NetworkPath& path, int hop) {
  return path.devices.at(static_cast<std::size_t>(hop - 1));
}

std::vector<report::Remark> remarks_on(const Traced& traced) {
  return report::remarks_on(traced.run.observer.trace(0));
}

std::vector<std::string> texts_of(const Traced& traced) {
  std::vector<std::string> texts;
  for (const report::Remark& remark : remarks_on(traced)) texts.push_back(remark.text);
  return texts;
}

std::string named(const NetworkPath& path, int hop) {
  return "hop " + std::to_string(hop) + " (" + to_string(path.hop(hop).address) + ")";
}

std::string between(const NetworkPath& path, int before, int after) {
  return "between " + named(path, before) + " and hop " + std::to_string(after) + ".";
}

/// Router 3 rewrites what it passes on, so router 4 is the first to quote it.
NetworkPath rewriting(const Rewriting& what) {
  NetworkPath path = five_routers();
  router(path, 3).rewriting = what;
  return path;
}

void expect_open(const Traced& traced) {
  EXPECT_EQ(traced.verdict_of(kPort).kind, verdict::Kind::Open);
  EXPECT_EQ(traced.verdict_of(kOther).kind, verdict::Kind::Open);
}

TEST(Remarks, AreNoneOnAnHonestPath) {
  const Traced traced = trace(five_routers());
  expect_open(traced);
  EXPECT_THAT(remarks_on(traced), IsEmpty());
}

TEST(Remarks, AreNoneOfATranslatorThatTranslatesErrorsBack) {
  const Traced traced = trace(rewriting({.source = IpAddress::parse("198.18.0.7"), .translates_errors = true}));
  expect_open(traced);
  EXPECT_THAT(remarks_on(traced), IsEmpty());
}

TEST(Remarks, ShowWhereAddressesAreTranslated) {
  const NetworkPath path = rewriting({.source = IpAddress::parse("198.18.0.7")});
  const Traced traced = trace(path);
  expect_open(traced);
  EXPECT_THAT(texts_of(traced), ElementsAre(AllOf(StartsWith("From " + named(path, 4) +
                                                             " on, probes carry source "
                                                             "198.18.0.7 instead of "),
                                                  HasSubstr("translated " + between(path, 3, 4)))));
}

TEST(Remarks, ShowWhereSequenceNumbersAreRewritten) {
  const NetworkPath path = rewriting({.sequence_offset = 0x12345678});
  const Traced traced = trace(path);
  expect_open(traced);
  EXPECT_THAT(texts_of(traced),
              ElementsAre(AllOf(StartsWith("From " + named(path, 4) + " on, probes carry sequence number "),
                                HasSubstr("rewritten " + between(path, 3, 4)))));
}

TEST(Remarks, ShowWhereTheSegmentSizeIsClamped) {
  const NetworkPath path = rewriting({.mss = std::uint16_t{1400}});
  EXPECT_THAT(texts_of(trace(path)),
              ElementsAre("From " + named(path, 4) + " on, probes carry MSS 1400 instead of 1460: clamped " +
                          between(path, 3, 4)));
}

TEST(Remarks, ShowWhereOptionsAreRemoved) {
  const NetworkPath path = rewriting({.removes_options = true});
  EXPECT_THAT(texts_of(trace(path)), ElementsAre("From " + named(path, 4) +
                                                 " on, probes carry no window scale, no SACK option, no timestamp: "
                                                 "removed " +
                                                 between(path, 3, 4)));
}

TEST(Remarks, SayNothingOfOptionsWhereQuotesEndBeforeThem) {
  NetworkPath path = rewriting({.removes_options = true});
  constexpr std::size_t kPromised = 8;
  for (Device& device : path.devices) device.quoted_payload = kPromised;
  EXPECT_THAT(remarks_on(trace(path)), IsEmpty());
}

TEST(Remarks, ShowWhereTheServiceClassChanges) {
  const NetworkPath path = rewriting({.traffic_class = std::uint8_t{46U << 2U}});
  EXPECT_THAT(texts_of(trace(path)),
              ElementsAre("From " + named(path, 4) + " on, probes carry DSCP 46 instead of 0: rewritten " +
                          between(path, 3, 4)));
}

TEST(Remarks, NameARouterThatForwardsWhatItShouldDiscard) {
  NetworkPath path = five_routers();
  router(path, 3).forwards_zero_ttl = true;
  const Traced traced = trace(path);
  expect_open(traced);
  EXPECT_THAT(texts_of(traced), ElementsAre("Zero-TTL forwarding: hop 3 passes probes on with TTL 0, and " +
                                            to_string(path.hop(4).address) + " behind it answers in its stead."));
}

TEST(Remarks, NameAHopThatSpeaksAsTheTarget) {
  NetworkPath path = five_routers();
  router(path, 3).speaks_as_target = true;
  const auto remarks = remarks_on(trace(path));
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].kind, "target-on-the-way");
  EXPECT_EQ(remarks[0].ttl, Ttl{3});
}

TEST(Remarks, AreNoneWhereAPathSplitsByFlow) {
  const Traced traced = trace(NetworkPath(routers(5).open(kPort).open(kOther).at(2).splits(4)));
  expect_open(traced);
  EXPECT_THAT(remarks_on(traced), IsEmpty());
}

TEST(Remarks, CallSplittingByPacketNoChangeOfThePath) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    NetworkBuilder builder = routers(5).open(kPort).open(kOther).at(2).splits_by_packet(2);
    TraceSettings settings{.ports = {{.port = kPort}, {.port = kOther, .role = path::Role::Control}}};
    settings.seed = seed;
    for (const report::Remark& remark : remarks_on(trace(NetworkPath(builder), settings))) {
      EXPECT_NE(remark.kind, "path-changed") << remark.text << ", seed " << seed;
    }
  }
}

TEST(Remarks, CallAPathThatChangesNoAlternation) {
  const NetworkPath path = routers(5).open(kPort).at(2).changes_path_after(std::chrono::milliseconds(60));
  for (const report::Remark& remark : remarks_on(trace(path))) EXPECT_NE(remark.kind, "alternating") << remark.text;
}

}  // namespace
}  // namespace smtpath::test
