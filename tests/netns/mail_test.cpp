// The program visits real mail servers, well ones and ones with one thing wrong, and says of each what other programs
// say of it too.

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "netns/mail_bench.h"
#include "netns/mail_clients.h"
#include "netns/mail_report.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct RealServer {
  std::string name;
  std::string outcome;
  std::string trust;
  bool name_matches;
  std::string version;
};

const std::vector<RealServer>& real_servers() {
  static const std::vector<RealServer> servers{{"postfix", "ok", "trusted", true, "TLSv1.3"},
                                               {"exim", "ok", "trusted", true, "TLSv1.3"},
                                               {"opensmtpd", "ok", "trusted", true, "TLSv1.3"},
                                               {"self-signed", "certificate-invalid", "self-signed", true, "TLSv1.3"},
                                               {"expired", "certificate-invalid", "expired", true, "TLSv1.3"},
                                               {"other-name", "certificate-invalid", "trusted", false, "TLSv1.3"},
                                               {"tls-1.2", "ok", "trusted", true, "TLSv1.2"},
                                               {"tls-1.3", "ok", "trusted", true, "TLSv1.3"},
                                               {"greet-delay", "ok", "trusted", true, "TLSv1.3"}};
  return servers;
}

class MailTest : public testing::TestWithParam<std::tuple<std::size_t, Family, int>> {
 protected:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    std::vector<std::string> names;
    std::vector<std::string> arguments{"-p", "25,465,587"};
    for (const RealServer& server : real_servers()) {
      names.push_back(server.name);
      arguments.push_back(MailBench::name_of(server.name));
    }
    bench_ = std::make_unique<MailBench>(names);
    run_ = std::make_unique<MailRun>(visit(*bench_, arguments));
  }
  static void TearDownTestSuite() {
    run_.reset();
    bench_.reset();
  }
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static const RealServer& server() { return real_servers()[std::get<0>(GetParam())]; }
  static int port() { return std::get<2>(GetParam()); }
  static IpAddress address() { return MailBench::address_of(server().name, std::get<1>(GetParam())); }
  static const json& mail() { return mail_of(run_->report, address(), port()); }
  static MailAddress here() {
    return {.address = address(), .name = MailBench::name_of(server().name), .port = port(), .roots = bench_->roots()};
  }

  static std::unique_ptr<MailBench> bench_;
  static std::unique_ptr<MailRun> run_;
};

std::unique_ptr<MailBench> MailTest::bench_;
std::unique_ptr<MailRun> MailTest::run_;

TEST_P(MailTest, IsVisitedToTheEnd) {
  SCOPED_TRACE(mail().dump());
  EXPECT_EQ(mail().at("outcome"), server().outcome);
  const json& tls = mail().at("tls");
  EXPECT_EQ(tls.at("version"), server().version);
  EXPECT_EQ(tls.at("trust"), server().trust);
  EXPECT_EQ(tls.at("name_matches"), server().name_matches);
  EXPECT_EQ(mail().at("meddled_with"), false);
  EXPECT_EQ(mail().at("black_hole"), false);
  EXPECT_EQ(mail().at("reset_by"), nullptr);
  EXPECT_EQ(mail().at("retries"), json::array());
}

TEST_P(MailTest, IsJudgedAlikeFromTheEvidence) {
  EXPECT_EQ(mail_of(run_->replayed, address(), port()), mail());
}

std::string name_of_case(const testing::TestParamInfo<std::tuple<std::size_t, Family, int>>& tested) {
  std::string name = real_servers()[std::get<0>(tested.param)].name;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name + "_" + std::string(to_string(std::get<1>(tested.param))) + "_" +
         std::to_string(std::get<2>(tested.param));
}

INSTANTIATE_TEST_SUITE_P(Servers, MailTest,
                         testing::Combine(testing::Range(std::size_t{0}, real_servers().size()),
                                          testing::Values(Family::Ipv4, Family::Ipv6), testing::Values(25, 465, 587)),
                         name_of_case);

}  // namespace
}  // namespace smtpath::test
