// The program while somebody on the path of port 25 answers its SYNs with packets crafted against it, beside the real
// answers: what it says is true, or that it does not know. Another seed: SMTPATH_TEST_SEED=12345.

#include "support/injector.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "netns/program.h"
#include "support/seed.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::Contains;

// client - 1 - 2 - injector 3 - 4 - 5 - server 6
constexpr int kInjector = 3;
constexpr int kDropping = 4;
constexpr int kServer = 6;

std::uint64_t seed() {
  return first_seed(1);
}

std::vector<std::string> rules_of(const json& port) {
  std::vector<std::string> rules;
  for (const json& evidence : port.at("evidence")) rules.push_back(evidence.at("rule"));
  return rules;
}

std::vector<Craft> joined(const std::vector<std::vector<Craft>>& kinds) {
  std::vector<Craft> all;
  for (const std::vector<Craft>& kind : kinds) all.insert(all.end(), kind.begin(), kind.end());
  return all;
}

bool holds(const json& location, int hop) {
  const int last = location.at("last_reached").at("ttl");
  const json& first = location.at("first_missed");
  return last < hop && (first.is_null() || first.at("ttl") >= hop);
}

bool blames_the_injector(const json& location) {
  const json& suspect = location.at("suspect");
  return holds(location, kInjector) && (suspect.is_null() || suspect.at("ttl") == kInjector);
}

/// What the way and the server make of port 25, but for the injector.
struct Truth {
  std::string verdict;
  io::LabSpec network;
};

/// Which device does so: the hop behind a drop, the server itself.
bool is_placed(const json& port) {
  const json& location = port.at("location");
  if (port.at("verdict") == "open") return location.is_null();
  if (port.at("verdict") == "refused") return location.at("last_reached").at("ttl") == kServer;
  return holds(location, kDropping + 1);
}

/// The truth, or that somebody forges answers, where he does, or that nothing is known; never what he wants.
void expect_disbelief(const json& port, const std::string& truth, const std::set<std::string>& forgeries) {
  const std::string verdict = port.at("verdict");
  if (verdict == "inconclusive") return;
  if (forgeries.contains(verdict)) {
    EXPECT_TRUE(blames_the_injector(port.at("location")));
    return;
  }
  ASSERT_EQ(verdict, truth);
  EXPECT_TRUE(is_placed(port));
}

class InjectorTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static io::LabSpec network() { return {.open_ports = {Port{25}, Port{587}}, .limits_icmp = false}; }

  static std::vector<Truth> truths() {
    io::LabSpec dropping = network();
    dropping.rules.push_back(io::lab_rule(kDropping, io::LabHook::Forward, Port{25}, io::LabAction::Drop));
    io::LabSpec closed = network();
    closed.open_ports = {Port{587}};
    return {{"open", network()}, {"refused", closed}, {"dropped", dropping}};
  }

  /// Port 25, and the same judged again from the evidence.
  json trace(const io::Lab& lab) const {
    const auto outcome =
        run_in(lab, {kProgram, "trace", "--no-mail", "-n", "--json", "-", "--write", evidence(), server(lab)});
    EXPECT_EQ(outcome.errors, "");
    const json report = parse_json(outcome.output);
    const json replayed = parse_json(run_here({kProgram, "analyze", "--json", "-", evidence()}).output);
    EXPECT_EQ(replayed.at("targets"), report.at("targets"));
    EXPECT_EQ(port_of(report.at("targets").at(0), 587).at("verdict"), "open");
    return port_of(report.at("targets").at(0), 25);
  }

  json trace(const io::Lab& lab, const std::vector<Craft>& crafts) const {
    return trace(lab, {.node = kInjector, .family = GetParam(), .crafts = crafts, .seed = seed()});
  }

  json trace(const io::Lab& lab, const InjectorSpec& spec) const {
    auto injector = Injector::start(lab, spec);
    if (!injector) throw std::runtime_error(injector.error().message);
    const json port = trace(lab);
    EXPECT_GT(injector.value().sent(), 0U);
    return port;
  }

 private:
  std::string evidence() const { return folder_.file("run.pcapng"); }
  static std::string server(const io::Lab& lab) { return to_string(lab.server(GetParam())); }

  Folder folder_;
};

TEST_P(InjectorTest, IsFoundWhateverTtlItsResetsHave) {
  const io::Lab lab = build(network());
  for (const Craft craft :
       {Craft::Reset, Craft::ResetOf61, Craft::ResetOf128, Craft::ResetOf255, Craft::ResetOfCopiedTtl, Craft::Resets}) {
    const json port = trace(lab, {craft});
    SCOPED_TRACE(std::to_string(static_cast<int>(craft)) + ": " + port.dump());
    EXPECT_EQ(port.at("verdict"), "reset-injected");
    EXPECT_THAT(rules_of(port), Contains("expired-and-answered"));
    EXPECT_TRUE(blames_the_injector(port.at("location")));
  }
}

TEST_P(InjectorTest, ChangesNothingByResetsThatClientsIgnore) {
  const io::Lab lab = build(network());
  const json port = trace(lab, {Craft::BareReset, Craft::ResetOfSequence});
  EXPECT_EQ(port.at("verdict"), "open") << port.dump();
  EXPECT_EQ(port.at("confidence"), "high");
  EXPECT_THAT(rules_of(port), Contains("ignored-resets"));
}

TEST_P(InjectorTest, ChangesNothingByForgedErrors) {
  const io::Lab lab = build(network());
  const json port =
      trace(lab, {Craft::Unreachable, Craft::AlteredUnreachable, Craft::TimeExceeded, Craft::AlteredTimeExceeded});
  EXPECT_EQ(port.at("verdict"), "open") << port.dump();
  EXPECT_THAT(rules_of(port), Contains("forged-errors"));
}

TEST_P(InjectorTest, IsNotBelievedWhateverItSendsBesideTheTruth) {
  struct Forgery {
    std::vector<Craft> crafts;
    std::set<std::string> verdicts;
  };
  const std::vector<Craft> ignored{Craft::BareReset, Craft::ResetOfSequence};
  const std::vector<Craft> errors{Craft::Unreachable, Craft::TimeExceeded, Craft::AlteredUnreachable,
                                  Craft::AlteredTimeExceeded};
  const std::vector<Craft> resets{Craft::Reset, Craft::ResetOf61, Craft::ResetOfCopiedTtl, Craft::Resets};
  const std::vector<Craft> accepts{Craft::SynAck, Craft::OddSynAck};
  const Forgery forgeries[] = {{joined({ignored, errors}), {}},
                               {joined({ignored, errors, resets}), {"reset-injected"}},
                               {joined({ignored, errors, resets, accepts}), {"reset-injected", "intercepted"}}};
  for (const Truth& truth : truths()) {
    const io::Lab lab = build(truth.network);
    for (const Forgery& forgery : forgeries) {
      const json port = trace(
          lab, {.node = kInjector, .family = GetParam(), .crafts = forgery.crafts, .is_random = true, .seed = seed()});
      SCOPED_TRACE(truth.verdict + ", " + std::to_string(forgery.crafts.size()) + " crafts, seed " +
                   std::to_string(seed()) + ": " + port.dump());
      expect_disbelief(port, truth.verdict, forgery.verdicts);
    }
  }
}

// Router 5 accepts in the server's name and is one hop short of it, where its own gateway might do so.
TEST_P(InjectorTest, WhoAcceptsInAnybodysNameIsProvenByAnAddressThatNobodyHas) {
  io::LabSpec spec = network();
  spec.listeners = {{.node = kServer - 1, .port = Port{25}}};
  spec.rules = {io::lab_rule(kServer - 1, io::LabHook::Prerouting, Port{25}, io::LabAction::Redirect)};
  const json port = trace(build(spec));
  SCOPED_TRACE(port.dump());
  EXPECT_EQ(port.at("verdict"), "intercepted");
  EXPECT_EQ(port.at("confidence"), "high");
  EXPECT_THAT(rules_of(port), Contains("answered-from-nowhere"));
  EXPECT_EQ(port.at("location").at("suspect").at("ttl"), kServer - 1);
}

INSTANTIATE_TEST_SUITE_P(Families, InjectorTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
