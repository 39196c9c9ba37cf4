// The odd mail servers and the boxes on the way that other tests have are what they are said to be, in the eyes of
// programs that everybody uses.

#include "netns/mail_bench.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "netns/mail_clients.h"
#include "support/middlebox.h"
#include "support/odd_manners.h"

namespace smtpath::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class MailBenchTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }
};

TEST_F(MailBenchTest, OddServersAreSeenAsSuch) {
  MailBench bench({});
  bench.add_odd(0, plain("554 5.7.1 No\r\n", "503 5.5.1 No\r\n"));
  bench.add_odd(1, answering_starttls("454 4.7.0 Not now\r\n"));
  bench.add_odd(2,
                encrypted({.chain = bench.authority().issue(
                               {.subject = "odd.example.test", .names = {"odd.example.test"}, .intermediates = 50})}));
  const auto at = [&](std::size_t number) {
    return MailAddress{.address = odd_address(number), .name = "odd.example.test", .roots = bench.roots()};
  };
  EXPECT_THAT(ask_swaks(bench.lab(), at(0)).greeting, ElementsAre("554 5.7.1 No"));
  EXPECT_THAT(ask_swaks(bench.lab(), at(1)).text, HasSubstr("454 4.7.0 Not now"));
  const SecondOpinion deep = ask_openssl(bench.lab(), at(2));
  EXPECT_THAT(deep.text, HasSubstr("50 s:CN"));
  EXPECT_EQ(deep.version, "TLSv1.3");
}

class MailMeddlingTest : public testing::TestWithParam<Family> {
 protected:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    io::LabSpec network = mail_network();
    for (const Meddling meddling : kMeddlings) network.rules.push_back(middlebox_rule(spec(meddling)));
    bench_ = std::make_unique<MailBench>(std::vector<std::string>{"way-0", "way-1", "way-2"}, network);
  }
  static void TearDownTestSuite() { bench_.reset(); }
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  /// What swaks sees of Postfix behind the box.
  static SecondOpinion behind(Meddling meddling) {
    auto box = Middlebox::start(bench_->lab(), spec(meddling));
    if (!box) throw std::runtime_error(box.error().message);
    const std::string server = server_of(meddling);
    SecondOpinion opinion = ask_swaks(bench_->lab(), {.address = MailBench::address_of(server, GetParam()),
                                                      .name = MailBench::name_of(server),
                                                      .roots = bench_->roots()});
    EXPECT_EQ(box.value().changed(), 1U);
    return opinion;
  }

 private:
  static constexpr std::array kMeddlings{Meddling::MasksStartTls, Meddling::CutsStartTls, Meddling::MasksGreeting};

  static std::string server_of(Meddling meddling) { return "way-" + std::to_string(static_cast<int>(meddling)); }
  static MiddleboxSpec spec(Meddling meddling) {
    const std::string server = server_of(meddling);
    return {.servers = {MailBench::address_of(server), MailBench::address_of(server, Family::Ipv6)},
            .meddling = meddling};
  }

  static std::unique_ptr<MailBench> bench_;
};

std::unique_ptr<MailBench> MailMeddlingTest::bench_;

TEST_P(MailMeddlingTest, MasksStartTls) {
  const SecondOpinion opinion = behind(Meddling::MasksStartTls);
  EXPECT_THAT(opinion.extensions, Contains("XXXXXXXA")) << opinion.text;
  EXPECT_THAT(opinion.extensions, Not(Contains("STARTTLS")));
}

TEST_P(MailMeddlingTest, CutsStartTlsOutAndTheConnectionGoesOn) {
  const SecondOpinion opinion = behind(Meddling::CutsStartTls);
  EXPECT_THAT(opinion.extensions, Not(Contains("STARTTLS"))) << opinion.text;
  EXPECT_THAT(opinion.extensions, Contains("PIPELINING"));
  EXPECT_THAT(opinion.text, HasSubstr("221 2.0.0 Bye"));
}

TEST_P(MailMeddlingTest, MasksTheGreetingAndLetsTlsPass) {
  const SecondOpinion opinion = behind(Meddling::MasksGreeting);
  ASSERT_FALSE(opinion.greeting.empty());
  EXPECT_THAT(opinion.greeting.front(), HasSubstr("220 ****")) << opinion.text;
  EXPECT_EQ(opinion.version, "TLSv1.3");
}

INSTANTIATE_TEST_SUITE_P(Families, MailMeddlingTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
