// Paths that split: by flow, by packet, by time.

#include <gtest/gtest.h>

#include <set>

#include "probing_host.h"
#include "support/network_builder.h"
#include "support/network_fate.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};
constexpr std::uint16_t kFirstSource = 40001;
constexpr std::uint16_t kSources = 64;

// What the flows from so many source ports draw at one TTL.
std::set<std::string> answers_to_flows(const NetworkPath& path, int ttl) {
  std::set<std::string> answers;
  for (std::uint16_t i = 0; i < kSources; ++i) {
    ProbingHost host(path);
    host.syn(kSmtp, ttl, Port{static_cast<std::uint16_t>(kFirstSource + i)}, 1);
    for (const std::string& answer : host.after(10s)) answers.insert(answer);
  }
  return answers;
}

Port source_on_branch(const Split& split, std::size_t branch) {
  Port source{kFirstSource};
  while (branch_of(split, {.source_port = source, .destination_port = kSmtp}) != branch) ++source.number;
  return source;
}

// client - 1 - 2 -+- 3 - 4 -+- 5 - server
//                 +- b - b -+
TEST(SplitNetwork, EachBranchAnswersForItsHopsAndTheyMeetBehindThem) {
  const NetworkPath path = routers(5).at(2).splits(2, 2).server().open(kSmtp);
  EXPECT_EQ(answers_to_flows(path, 2), (std::set<std::string>{"time-exceeded from hop 2, back 2, quoted TTL 1"}));
  EXPECT_EQ(answers_to_flows(path, 3),
            (std::set<std::string>{"time-exceeded from hop 3, back 3, quoted TTL 1",
                                   "time-exceeded from hop 3 on branch 1, back 3, quoted TTL 1"}));
  EXPECT_EQ(answers_to_flows(path, 4),
            (std::set<std::string>{"time-exceeded from hop 4, back 4, quoted TTL 1",
                                   "time-exceeded from hop 4 on branch 1, back 4, quoted TTL 1"}));
  EXPECT_EQ(answers_to_flows(path, 5), (std::set<std::string>{"time-exceeded from hop 5, back 5, quoted TTL 1"}));
  EXPECT_EQ(answers_to_flows(path, 6), (std::set<std::string>{"syn-ack from target, back 6"}));
}

TEST(SplitNetwork, FlowKeepsTheBranchThatItsPortsChoose) {
  const NetworkPath path = routers(4).at(1).splits(4);
  const Split& split = path.splits.front();
  for (std::size_t branch = 0; branch < split.branches(); ++branch) {
    const Port source = source_on_branch(split, branch);
    ProbingHost host(path);
    for (int i = 0; i < 5; ++i) host.syn(kSmtp, 2, source, 1);
    const std::string place = branch == 0 ? "hop 2" : "hop 2 on branch " + std::to_string(branch);
    EXPECT_EQ(host.after(10s), std::vector<std::string>(5, "time-exceeded from " + place + ", back 2, quoted TTL 1"));
  }
}

TEST(SplitNetwork, SaltChangesWhichBranchAFlowTakes) {
  const Split plain = plain_split(routers(4), 1, 2, 1);
  Split salted = plain;
  salted.salt = 1;
  int moved = 0;
  for (std::uint16_t i = 0; i < kSources; ++i) {
    const FlowKey flow{.source_port = Port{static_cast<std::uint16_t>(kFirstSource + i)}, .destination_port = kSmtp};
    if (branch_of(plain, flow) != branch_of(salted, flow)) ++moved;
  }
  EXPECT_GT(moved, kSources / 4);
  EXPECT_LT(moved, kSources * 3 / 4);
}

TEST(SplitNetwork, EchoRequestsAreOneFlow) {
  std::set<std::size_t> taken;
  for (std::uint32_t salt = 0; salt < 16; ++salt) {
    const NetworkPath path = routers(4).at(1).splits(2).salt(salt);
    const std::size_t branch = branch_of(path.splits.front(), kEchoFlow);
    EXPECT_EQ(answer_to_echo(path, 2), branch == 0 ? "time-exceeded from hop 2, back 2, quoted TTL 1"
                                                   : "time-exceeded from hop 2 on branch 1, back 2, quoted TTL 1");
    taken.insert(branch);
  }
  EXPECT_EQ(taken.size(), 2U);
}

TEST(SplitNetwork, RuleOnABranchActsOnItsFlowsAlone) {
  const NetworkPath path = routers(4).at(1).splits(2).branch(0, 1).drops(kSmtp).server().open(kSmtp);
  for (const std::size_t branch : {0U, 1U}) {
    ProbingHost host(path);
    host.syn(kSmtp, 30, source_on_branch(path.splits.front(), branch), 1);
    const auto expected =
        branch == 0 ? std::vector<std::string>{"syn-ack from target, back 5"} : std::vector<std::string>{};
    EXPECT_EQ(host.after(900ms), expected);
  }
}

TEST(SplitNetwork, WordsForBranchZeroSpeakOfThePathItself) {
  const NetworkPath path = routers(4).at(1).splits(2, 2).branch(0, 0, 1).drops(kSmtp);
  EXPECT_EQ(path.hop(3).rules.size(), 1U);
}

TEST(SplitNetwork, LatencyIsThatOfTheBranchThereAndBack) {
  const NetworkPath path = routers(4).at(1).splits(2).branch(0, 1).latency(20ms);
  for (const std::size_t branch : {0U, 1U}) {
    ProbingHost host(path);
    host.syn(kSmtp, 2, source_on_branch(path.splits.front(), branch), 1);
    host.after(1s);
    EXPECT_EQ(host.last_arrival(), branch == 0 ? 4ms : 42ms);
  }
}

TEST(SplitNetwork, ByPacketOneFlowMeetsAllBranches) {
  ProbingHost host(routers(4).at(1).splits_by_packet(4).rate_limited(1000, 1000).at(2).rate_limited(1000, 1000));
  std::set<std::string> answers;
  for (int i = 0; i < 40; ++i) {
    host.syn(kSmtp, 2, Port{kFirstSource}, 1);
    for (const std::string& answer : host.after(1s)) answers.insert(answer);
  }
  EXPECT_EQ(answers.size(), 4U);
}

TEST(SplitNetwork, PathChangesAtItsTime) {
  ProbingHost host(routers(4).at(1).changes_path_after(5s));
  host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(4900ms), std::vector<std::string>{"time-exceeded from hop 2, back 2, quoted TTL 1"});
  host.syn(kSmtp, 2);
  EXPECT_EQ(host.after(100ms), std::vector<std::string>{"time-exceeded from hop 2, back 2, quoted TTL 1"});
  host.syn(kSmtp, 2);
  host.syn(kSmtp, 3);
  EXPECT_EQ(host.after(1s), (std::vector<std::string>{"time-exceeded from hop 2 on branch 1, back 2, quoted TTL 1",
                                                      "time-exceeded from hop 3, back 3, quoted TTL 1"}));
}

TEST(SplitNetwork, FateOfAFlowIsThatOfItsBranch) {
  const NetworkPath path = routers(4).at(1).splits(2).branch(0, 1).drops(kSmtp).server().open(kSmtp);
  const Split& split = path.splits.front();
  const auto fate_on = [&](std::size_t branch) { return fate_of(path, kSmtp, source_on_branch(split, branch)); };
  EXPECT_EQ(fate_of(path, kSmtp).end, Fate::End::Accepted);
  EXPECT_EQ(fate_on(0).end, Fate::End::Accepted);
  EXPECT_EQ(fate_on(0).device, &path.devices.back());
  EXPECT_EQ(fate_on(1).end, Fate::End::Dropped);
  EXPECT_EQ(fate_on(1).hop, 2);
  EXPECT_EQ(fate_on(1).device, &split.others[0][0]);
}

TEST(SplitNetwork, FateOfTheEchoIsThatOfItsBranch) {
  const auto blocked_on = [](std::size_t branch) -> NetworkPath {
    return routers(4).at(1).splits(2).branch(0, branch).drops_everything();
  };
  const std::size_t taken = branch_of(blocked_on(0).splits.front(), kEchoFlow);
  EXPECT_EQ(fate_of(blocked_on(taken), std::nullopt).end, Fate::End::Dropped);
  EXPECT_EQ(fate_of(blocked_on(1 - taken), std::nullopt).end, Fate::End::Accepted);
}

}  // namespace
}  // namespace smtpath::test
