// The program visits healthy mail servers over ways that swallow, change and cut off what is said.

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "netns/mail_bench.h"
#include "netns/mail_report.h"
#include "netns/mail_ways.h"
#include "support/middlebox.h"

namespace smtpath::test {
namespace {

using nlohmann::json;

const std::string kReset = "way-0";
const std::string kLargeFromServerVanish = "way-1";
const std::string kLargeToServerVanish = "way-2";
const std::string kNarrowFromServer = "way-3";
const std::string kNarrowToServer = "way-4";
const std::string kMasked = "way-5";
const std::string kCut = "way-6";
const std::string kMaskedGreeting = "way-7";
constexpr int kServers = 8;
constexpr int kLarge = 1000;
// More than that: all servers are one host, which remembers the size of the way to the client.
constexpr int kNarrow = 1400;
constexpr int kLargeHello = 330;

MiddleboxSpec box(const std::string& server, Meddling meddling) {
  return {.servers = {MailBench::address_of(server), MailBench::address_of(server, Family::Ipv6)},
          .meddling = meddling};
}

class MailPathTest : public testing::TestWithParam<Family> {
 protected:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    const std::vector<MiddleboxSpec> boxes{box(kMasked, Meddling::MasksStartTls), box(kCut, Meddling::CutsStartTls),
                                           box(kMaskedGreeting, Meddling::MasksGreeting)};
    io::LabSpec network = mail_network();
    // Behind the router that meddles: what it says by itself comes sooner than what servers say.
    network.links.push_back({.position = 1, .one_way_delay = std::chrono::milliseconds(5)});
    network.rules = {reset_at_ehlo(kReset), drop_large_from(kLargeFromServerVanish, kLarge),
                     drop_large_to(kLargeToServerVanish, kLargeHello)};
    network.scripts.push_back(narrow_from(kNarrowFromServer, kNarrow));
    network.scripts.push_back(narrow_to(kNarrowToServer, kLargeHello));
    for (const MiddleboxSpec& spec : boxes) network.rules.push_back(middlebox_rule(spec));
    std::vector<std::string> names;
    std::vector<std::string> arguments{"-p", "25,587", "--greeting-wait", "3"};
    for (int i = 0; i < kServers; ++i) {
      names.push_back("way-" + std::to_string(i));
      arguments.push_back(MailBench::name_of(names.back()));
    }
    bench_ = std::make_unique<MailBench>(names, network);
    for (const MiddleboxSpec& spec : boxes) {
      auto started = Middlebox::start(bench_->lab(), spec);
      if (!started) throw std::runtime_error(started.error().message);
      boxes_.push_back(std::move(started).value());
    }
    run_ = std::make_unique<MailRun>(visit(*bench_, arguments));
  }
  static void TearDownTestSuite() {
    run_.reset();
    boxes_.clear();
    bench_.reset();
  }
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static const json& mail(const std::string& server, int port = 25) {
    return mail_of(run_->report, MailBench::address_of(server, GetParam()), port);
  }
  static const MailRun& run() { return *run_; }

 private:
  static std::unique_ptr<MailBench> bench_;
  static std::vector<Middlebox> boxes_;
  static std::unique_ptr<MailRun> run_;
};

std::unique_ptr<MailBench> MailPathTest::bench_;
std::vector<Middlebox> MailPathTest::boxes_;
std::unique_ptr<MailRun> MailPathTest::run_;

TEST_P(MailPathTest, AResetAtTheWordEhloIsNotTheServers) {
  SCOPED_TRACE(mail(kReset).dump());
  EXPECT_EQ(mail(kReset).at("outcome"), "reset");
  EXPECT_EQ(mail(kReset).at("stage"), "ehlo");
  EXPECT_EQ(mail(kReset).at("reset_by"), "path");
  EXPECT_EQ(mail(kReset, 587).at("outcome"), "ok");
}

TEST_P(MailPathTest, ABlackHoleIsNamed) {
  SCOPED_TRACE(mail(kLargeFromServerVanish).dump());
  EXPECT_EQ(mail(kLargeFromServerVanish).at("outcome"), "tls-stalled");
  EXPECT_EQ(mail(kLargeFromServerVanish).at("black_hole"), true);
}

TEST_P(MailPathTest, ALargeHelloThatVanishesIsNamed) {
  SCOPED_TRACE(mail(kLargeToServerVanish).dump());
  EXPECT_EQ(mail(kLargeToServerVanish).at("outcome"), "tls-stalled");
  EXPECT_EQ(mail(kLargeToServerVanish).at("retries"), json::array({{{"with", "small-hello"}, {"end", "established"}}}));
}

TEST_P(MailPathTest, NarrowWaysThatSayTheirSizeAreNoTrouble) {
  SCOPED_TRACE(mail(kNarrowFromServer).dump() + mail(kNarrowToServer).dump());
  EXPECT_EQ(mail(kNarrowFromServer).at("outcome"), "ok");
  EXPECT_EQ(mail(kNarrowToServer).at("outcome"), "ok");
}

TEST_P(MailPathTest, MaskedAndCutOffersAreSeen) {
  SCOPED_TRACE(mail(kMasked).dump() + mail(kCut).dump() + mail(kMaskedGreeting).dump());
  EXPECT_EQ(mail(kMasked).at("outcome"), "starttls-stripped");
  EXPECT_EQ(mail(kMasked).at("meddled_with"), true);
  EXPECT_EQ(mail(kMasked, 587).at("outcome"), "ok");
  EXPECT_EQ(mail(kCut).at("outcome"), "starttls-not-offered");
  EXPECT_EQ(mail(kMaskedGreeting).at("meddled_with"), true);
  EXPECT_EQ(mail(kMaskedGreeting).at("outcome"), "ok");
}

TEST_P(MailPathTest, IsJudgedAlikeFromTheEvidence) {
  EXPECT_EQ(run().replayed.at("targets"), run().report.at("targets"));
}

INSTANTIATE_TEST_SUITE_P(Families, MailPathTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
