// The program while somebody on the path of port 25 answers its SYNs with packets crafted against it, beside the real
// answers: what it says is true, or that it does not know. Another seed: SMTPATH_TEST_SEED=12345.

#include "support/injector.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::Contains;

// client - 1 - 2 - injector 3 - 4 - 5 - server 6
constexpr int kInjector = 3;
constexpr int kServer = 6;

std::uint64_t seed() {
  const char* const chosen = std::getenv("SMTPATH_TEST_SEED");
  return chosen == nullptr ? 1 : std::stoull(chosen);
}

std::vector<std::string> rules_of(const json& port) {
  std::vector<std::string> rules;
  for (const json& evidence : port.at("evidence")) rules.push_back(evidence.at("rule"));
  return rules;
}

bool holds_the_injector(const json& location) {
  const int last = location.at("last_reached").at("ttl");
  const json& first = location.at("first_missed");
  return last < kInjector && (first.is_null() || first.at("ttl") >= kInjector);
}

class InjectorTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static io::LabSpec network() { return {.open_ports = {Port{25}, Port{587}}, .limits_icmp = false}; }

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
    EXPECT_TRUE(holds_the_injector(port.at("location")));
    const json& suspect = port.at("location").at("suspect");
    EXPECT_TRUE(suspect.is_null() || suspect.at("ttl") == kInjector);
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
  constexpr std::uint64_t kSeeds = 1;
  struct Truth {
    std::string verdict;
    io::LabSpec network;
  };
  io::LabSpec dropping = network();
  dropping.rules.push_back(io::lab_rule(4, io::LabHook::Forward, Port{25}, io::LabAction::Drop));
  io::LabSpec closed = network();
  closed.open_ports = {Port{587}};
  const std::vector<Craft> all{Craft::Reset,        Craft::ResetOf61,          Craft::ResetOfCopiedTtl,
                               Craft::Resets,       Craft::BareReset,          Craft::ResetOfSequence,
                               Craft::SynAck,       Craft::OddSynAck,          Craft::Unreachable,
                               Craft::TimeExceeded, Craft::AlteredUnreachable, Craft::AlteredTimeExceeded};
  for (const Truth& truth : {Truth{"open", network()}, Truth{"refused", closed}, Truth{"dropped", dropping}}) {
    const io::Lab lab = build(truth.network);
    for (std::uint64_t i = 0; i < kSeeds; ++i) {
      const json port = trace(
          lab,
          {.node = kInjector, .family = GetParam(), .crafts = all, .is_random = true, .seed = seed() * kSeeds + i});
      SCOPED_TRACE(truth.verdict + ", seed " + std::to_string(seed() * kSeeds + i) + ": " + port.dump());
      EXPECT_THAT(port.at("verdict").get<std::string>(),
                  AnyOf(truth.verdict, "inconclusive", "reset-injected", "intercepted"));
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
