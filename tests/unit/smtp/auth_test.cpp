// AUTH exchanges: their results, and that nothing secret stays of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "smtp/redaction.h"
#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Transcript;
using smtp::Verb;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUser = "YWxpY2VAZXhhbXBsZS5vcmc=";
constexpr const char* kPassword = "c2VjcmV0IHBhc3N3b3Jk";

TEST(Auth, CountsTheResultOfAnExchange) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("auth login")
                              .server("334 VXNlcm5hbWU6")
                              .client(kUser)
                              .server("334 UGFzc3dvcmQ6")
                              .client(kPassword)
                              .server("535 5.7.8 authentication failed")
                              .client("AUTH PLAIN x")
                              .server("235 2.7.0 ok")
                              .transcript();
  EXPECT_THAT(read.auth_mechanisms, ElementsAre("LOGIN", "PLAIN"));
  EXPECT_EQ(read.of(Verb::Auth).asked, 2U);
  EXPECT_EQ(read.of(Verb::Auth).refused, 1U);
  EXPECT_EQ(read.of(Verb::Auth).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Auth).first_refusal->text, "5.7.8 authentication failed");
  EXPECT_EQ(read.of(Verb::Other).asked, 0U);
  EXPECT_EQ(read.odd_lines, 0U);
}

TEST(Auth, WaitsForNoReplyWhileTheClientIsToSpeak) {
  Conversation conversation;
  conversation.greeted().client("AUTH LOGIN");
  EXPECT_EQ(conversation.transcript().waits_for_reply_to, Verb::Auth);
  conversation.server("334 VXNlcm5hbWU6");
  EXPECT_EQ(conversation.transcript().waits_for_reply_to, std::nullopt);
  conversation.client(kUser);
  EXPECT_EQ(conversation.transcript().waits_for_reply_to, Verb::Auth);
}

TEST(Auth, IsReadOnWhenTheClientSaysItAllAtOnce) {
  const Transcript read = Conversation()
                              .greeted()
                              .client(std::string("AUTH LOGIN\r\n") + kUser + "\r\n" + kPassword + "\r\nNOOP")
                              .server("334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 ok\r\n250 ok")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Auth).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Noop).accepted, 1U);
}

TEST(Auth, CanBeCancelled) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("AUTH CRAM-MD5")
                              .server("334 PDEyMw==")
                              .client("*")
                              .server("501 cancelled")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Auth).refused, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(Auth, CountsAClientThatGivesUpInTheMiddle) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("AUTH LOGIN")
                              .server("334 VXNlcm5hbWU6")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(Auth, NamesOnlyMechanismsThatAreKnown) {
  const Transcript read = Conversation().greeted().client("AUTH SECRETWORD").server("504 no").transcript();
  EXPECT_THAT(read.auth_mechanisms, ElementsAre("OTHER"));
}

struct Exchange {
  std::string name;
  Conversation conversation;
};

std::array<Exchange, 9> exchanges() {
  const std::string user = kUser;
  const std::string password = kPassword;
  const auto begun = [] { return Conversation().greeted(); };
  return {{
      {"initial response", begun().client("AUTH PLAIN " + password).server("235 ok")},
      {"no space", begun().client("AUTH " + password).server("501 bad " + password)},
      {"login", begun().client("AUTH LOGIN").server("334 " + user).client(password).server("535 no " + password)},
      {"no reply", begun().client("AUTH LOGIN").client(user).client(password)},
      {"refused at once", begun()
                              .client("AUTH LOGIN\r\n" + user + "\r\n" + password)
                              .server("503 no")
                              .server("500 \"" + password + "\"?")},
      {"unfinished line", begun().client("AUTH PLAIN").server("334 ").client_bytes(password)},
      {"client alone", Conversation().client("EHLO x").client("AUTH PLAIN").client(password).client("QUIT")},
      {"begun late",
       Conversation().client_gap(0).server_gap(0).client(password).server("334 x").client(password).server(
           "500 unknown: " + password)},
      {"after a refusal", begun().client("AUTH LOGIN").server("535 no").client(password).server("502 " + password)},
  }};
}

TEST(Auth, LeavesNothingSecretInTheTranscript) {
  for (const Exchange& each : exchanges()) {
    const std::string everything = everything_in(each.conversation.transcript());
    EXPECT_THAT(everything, Not(HasSubstr(kPassword))) << each.name;
    EXPECT_THAT(everything, Not(HasSubstr(kUser))) << each.name;
    Dice dice(7);
    EXPECT_THAT(everything_in(each.conversation.read_cut(dice).transcript()), Not(HasSubstr(kPassword))) << each.name;
  }
}

TEST(Auth, TakesOnlyWhatMayBeSecretFromAReply) {
  EXPECT_EQ(smtp::without_secrets("5.7.8 Error: authentication failed: UGFzc3dvcmQ6"),
            "5.7.8 Error: authentication failed: ...");
  EXPECT_EQ(smtp::without_secrets("Command unrecognized: \"dXNlcg==\""), "Command unrecognized: \"...\"");
  EXPECT_EQ(smtp::without_secrets("2.7.0 Authentication successful"), "2.7.0 Authentication successful");
}

}  // namespace
}  // namespace smtpath::test
