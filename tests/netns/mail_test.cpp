// The program visits real mail servers, well ones and ones with one thing wrong, and says of each what other programs
// say of it too.

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string>
#include <tuple>
#include <vector>

#include "netns/mail_bench.h"
#include "netns/mail_clients.h"
#include "netns/mail_report.h"
#include "netns/side_by_side.h"

namespace smtpath::test {
namespace {

using nlohmann::json;

struct RealServer {
  std::string name;
  std::string outcome;
  std::string trust;
  bool name_matches;
  std::string version;
  /// What OpenSSL makes of its certificate.
  int verify_code;
};

const std::vector<RealServer>& real_servers() {
  static const std::vector<RealServer> servers{
      {"greet-delay", "ok", "trusted", true, "TLSv1.3", X509_V_OK},
      {"postfix", "ok", "trusted", true, "TLSv1.3", X509_V_OK},
      {"exim", "ok", "trusted", true, "TLSv1.3", X509_V_OK},
      {"opensmtpd", "ok", "trusted", true, "TLSv1.3", X509_V_OK},
      {"self-signed", "certificate-invalid", "self-signed", true, "TLSv1.3", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
      {"expired", "certificate-invalid", "expired", true, "TLSv1.3", X509_V_ERR_CERT_HAS_EXPIRED},
      {"other-name", "certificate-invalid", "trusted", false, "TLSv1.3", X509_V_ERR_HOSTNAME_MISMATCH},
      {"tls-1.2", "ok", "trusted", true, "TLSv1.2", X509_V_OK},
      {"tls-1.3", "ok", "trusted", true, "TLSv1.3", X509_V_OK}};
  return servers;
}

constexpr std::array kPorts{25, 465, 587};
constexpr std::size_t kAskedAtOnce = 4;

Family other_family(std::size_t server, std::size_t port) {
  return (server + port) % 2 == 0 ? Family::Ipv4 : Family::Ipv6;
}

/// Of one port of one server, over one family.
struct Opinions {
  SecondOpinion openssl;
  SecondOpinion swaks;
  SecondOpinion curl;
};

/// One run of the program over all of them while the other programs ask them too.
class Visits {
 public:
  Visits() : bench_(names()) {
    auto run = std::async(std::launch::async, [this] { return visit(bench_, arguments()); });
    side_by_side(opinions_.size(), kAskedAtOnce, [this](std::size_t i) { opinions_[i] = ask(i); });
    run_ = run.get();
  }

  const MailRun& run() const { return run_; }
  const Opinions& opinions(std::size_t server, std::size_t port) const {
    return opinions_[server * kPorts.size() + port];
  }

 private:
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const RealServer& server : real_servers()) names.push_back(server.name);
    return names;
  }
  static std::vector<std::string> arguments() {
    std::vector<std::string> arguments{"-p", "25,465,587"};
    for (const RealServer& server : real_servers()) arguments.push_back(MailBench::name_of(server.name));
    return arguments;
  }
  Opinions ask(std::size_t number) const {
    const std::size_t server = number / kPorts.size();
    const std::size_t port = number % kPorts.size();
    const std::string& name = real_servers()[server].name;
    const MailAddress at{.address = MailBench::address_of(name, other_family(server, port)),
                         .name = MailBench::name_of(name),
                         .port = kPorts.at(port),
                         .roots = bench_.roots()};
    return {ask_openssl(bench_.lab(), at), ask_swaks(bench_.lab(), at), ask_curl(bench_.lab(), at)};
  }

  MailBench bench_;
  MailRun run_;
  std::vector<Opinions> opinions_ = std::vector<Opinions>(real_servers().size() * kPorts.size());
};

const Visits& visits() {
  static const Visits visits;
  return visits;
}

class MailTest : public testing::TestWithParam<std::tuple<std::size_t, Family, std::size_t>> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static const RealServer& server() { return real_servers()[std::get<0>(GetParam())]; }
  static int port() { return kPorts.at(std::get<2>(GetParam())); }
  static const json& mail(const json& report) {
    return mail_of(report, MailBench::address_of(server().name, std::get<1>(GetParam())), port());
  }
  static const json& mail() { return mail(visits().run().report); }
};

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
  EXPECT_EQ(mail(visits().run().replayed), mail());
}

class MailAgreementTest : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static const RealServer& server() { return real_servers()[std::get<0>(GetParam())]; }
  static const Opinions& opinions() { return visits().opinions(std::get<0>(GetParam()), std::get<1>(GetParam())); }
  static const json& mail() {
    const auto [server, port] = GetParam();
    const IpAddress address = MailBench::address_of(real_servers()[server].name, other_family(server, port));
    return mail_of(visits().run().report, address, kPorts.at(port));
  }
};

TEST_P(MailAgreementTest, OnTheDialogueWithSwaks) {
  const SecondOpinion& swaks = opinions().swaks;
  SCOPED_TRACE(swaks.text + mail().dump());
  ASSERT_FALSE(swaks.greeting.empty());
  constexpr std::size_t kCode = 4;
  // Exim's greeting tells the time.
  const std::string greeting = swaks.greeting.front().substr(kCode);
  const std::string ours = mail().at("greeting").at("text");
  EXPECT_EQ(ours.substr(0, ours.find(',')), greeting.substr(0, greeting.find(',')));
  EXPECT_EQ(mail().at("extensions_in_tls"), json(swaks.extensions));
}

TEST_P(MailAgreementTest, OnTlsWithAllOfThem) {
  const json& tls = mail().at("tls");
  const std::string standard = tls.at("cipher");
  const std::string cipher = OPENSSL_cipher_name(standard.c_str());
  for (const SecondOpinion* opinion : {&opinions().openssl, &opinions().swaks, &opinions().curl}) {
    SCOPED_TRACE(opinion->text + tls.dump());
    // curl ends the handshake when it finds a fault.
    if (opinion->version.empty() && opinion == &opinions().curl && server().outcome != "ok") continue;
    EXPECT_EQ(opinion->version, tls.at("version"));
    EXPECT_EQ(opinion->cipher, cipher);
  }
}

TEST_P(MailAgreementTest, OnTheCertificateWithOpensslAndCurl) {
  const json& tls = mail().at("tls");
  const bool is_valid = tls.at("trusted") && tls.at("name_matches");
  EXPECT_EQ(opinions().openssl.is_verified, is_valid) << opinions().openssl.text;
  EXPECT_EQ(opinions().curl.is_verified, is_valid) << opinions().curl.text;
  EXPECT_EQ(opinions().openssl.verify_code, server().verify_code);
}

std::string word_of(std::size_t server, std::size_t port) {
  std::string name = real_servers()[server].name;
  for (char& letter : name) {
    if (letter == '-' || letter == '.') letter = '_';
  }
  return name + "_" + std::to_string(kPorts.at(port));
}

INSTANTIATE_TEST_SUITE_P(Servers, MailTest,
                         testing::Combine(testing::Range(std::size_t{0}, real_servers().size()),
                                          testing::Values(Family::Ipv4, Family::Ipv6),
                                          testing::Range(std::size_t{0}, kPorts.size())),
                         [](const auto& tested) {
                           return word_of(std::get<0>(tested.param), std::get<2>(tested.param)) + "_" +
                                  std::string(to_string(std::get<1>(tested.param)));
                         });

INSTANTIATE_TEST_SUITE_P(Servers, MailAgreementTest,
                         testing::Combine(testing::Range(std::size_t{0}, real_servers().size()),
                                          testing::Range(std::size_t{0}, kPorts.size())),
                         [](const auto& tested) {
                           return word_of(std::get<0>(tested.param), std::get<1>(tested.param));
                         });

}  // namespace
}  // namespace smtpath::test
