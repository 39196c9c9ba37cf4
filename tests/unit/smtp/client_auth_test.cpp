// AUTH of our client (RFC 4954): inside TLS only, each way through it, and no trace of the password.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "smtp/base64.h"
#include "unit/smtp/conversation.h"
#include "unit/smtp/scripted_server.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using smtp::ClientOptions;
using smtp::Visit;
using smtp::VisitEnd;
using smtp::VisitStage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// RFC 4616 section 4, and the same two for LOGIN.
constexpr const char* kResponse = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm";
constexpr const char* kUser = "dGlt";
constexpr const char* kPassword = "dGFuc3RhYWZ0YW5zdGFhZg==";

/// Lines that the client says once it is inside TLS.
std::vector<std::string> said_inside(const Meeting& meeting) {
  const auto tls = std::find(meeting.said.begin(), meeting.said.end(), "TLS");
  return {tls == meeting.said.end() ? tls : tls + 1, meeting.said.end()};
}

ScriptedServer offering(const std::string& mechanisms) {
  return ScriptedServer()
      .greets("220 mx")
      .answers("EHLO", "250-mx\r\n250 STARTTLS")
      .answers("STARTTLS", "220 go")
      .answers("EHLO", "250-mx\r\n250 " + mechanisms);
}

Meeting logged_in(const ScriptedServer& server) {
  return server.visited(ScriptedServer::visitor_with_password());
}

TEST(ClientAuth, SaysPlainAtOnce) {
  const Meeting meeting = logged_in(offering("AUTH LOGIN PLAIN").answers("AUTH", "235 welcome").answers("QUIT", "221"));
  EXPECT_THAT(said_inside(meeting),
              ElementsAre("EHLO client.example.org", std::string("AUTH PLAIN ") + kResponse, "QUIT"));
  EXPECT_EQ(meeting.visit.stage, VisitStage::Quit);
  EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
  ASSERT_TRUE(meeting.visit.auth.has_value());
  EXPECT_EQ(meeting.visit.auth->mechanism, "PLAIN");
  EXPECT_EQ(meeting.visit.auth->reply->code, 235);
  EXPECT_EQ(meeting.visit.encrypted->auth_mechanisms, std::vector<std::string>{"PLAIN"});
}

TEST(ClientAuth, SaysLoginWhereThatAloneIsOffered) {
  for (const char* offer : {"AUTH LOGIN", "AUTH CRAM-MD5 login XPLAIN", "AUTH=LOGIN", "auth\tLOGIN"}) {
    const auto server = offering(offer)
                            .answers("AUTH LOGIN", "334 VXNlcm5hbWU6")
                            .answers(kUser, "334 UGFzc3dvcmQ6")
                            .answers(kPassword, "535 5.7.8 no");
    const Meeting meeting = logged_in(server);
    EXPECT_THAT(said_inside(meeting), ElementsAre("EHLO client.example.org", "AUTH LOGIN", kUser, kPassword, "QUIT"));
    EXPECT_EQ(meeting.visit.stage, VisitStage::Auth);
    EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
    EXPECT_EQ(meeting.visit.auth->mechanism, "LOGIN");
    EXPECT_EQ(meeting.visit.auth->reply->code, 535);
  }
}

TEST(ClientAuth, SendsTheResponseByItselfWhereItMakesALineTooLong) {
  ClientOptions options = ScriptedServer::visitor_with_password();
  for (const std::size_t size : {367U, 368U}) {
    const std::string password(size, 'p');
    options.credentials->password = Secret(password);
    const std::string response(smtp::base64(std::string("\0tim\0", 5) + password).text());
    const auto server = offering("AUTH PLAIN").answers("AUTH", "334 ").answers(response, "235 ok");
    const std::vector<std::string> said = said_inside(server.visited(options));
    const bool fits = response.size() + std::string("AUTH PLAIN \r\n").size() <= 512;
    ASSERT_EQ(fits, size == 367U);
    ASSERT_GE(said.size(), 3U);
    EXPECT_EQ(said[1], fits ? "AUTH PLAIN " + response : "AUTH PLAIN");
    EXPECT_EQ(said[2], fits ? "*" : response);
  }
}

TEST(ClientAuth, CancelsWhereTheServerAsksOnWhenAllIsTold) {
  const auto plain = logged_in(offering("AUTH PLAIN").answers("AUTH", "334 more").answers("*", "501 cancelled"));
  EXPECT_THAT(said_inside(plain), ElementsAre("EHLO client.example.org", HasSubstr("AUTH PLAIN "), "*", "QUIT"));
  EXPECT_EQ(plain.visit.auth->reply->code, 501);
  EXPECT_EQ(plain.visit.stage, VisitStage::Auth);
  const auto endless = offering("AUTH LOGIN")
                           .answers("AUTH", "334 a")
                           .answers(kUser, "334 b")
                           .answers(kPassword, "334 c")
                           .answers("*", "334 d")
                           .answers("QUIT", "334 e");
  const Meeting login = logged_in(endless);
  EXPECT_THAT(said_inside(login), ElementsAre("EHLO client.example.org", "AUTH LOGIN", kUser, kPassword, "*", "QUIT"));
  EXPECT_EQ(login.visit.auth->reply, std::nullopt);
  EXPECT_EQ(login.visit.end, VisitEnd::Done);
}

TEST(ClientAuth, TakesAFinalReplyAtAnyTime) {
  const Meeting asked = logged_in(offering("AUTH LOGIN").answers("AUTH", "504 not that"));
  EXPECT_THAT(said_inside(asked), ElementsAre("EHLO client.example.org", "AUTH LOGIN", "QUIT"));
  EXPECT_EQ(asked.visit.auth->reply->code, 504);
  const Meeting user = logged_in(offering("AUTH LOGIN").answers("AUTH", "334 a").answers(kUser, "535 who"));
  EXPECT_THAT(said_inside(user), ElementsAre("EHLO client.example.org", "AUTH LOGIN", kUser, "QUIT"));
  const Meeting hasty = logged_in(offering("AUTH LOGIN").sends("AUTH", "334 a\r\n535 no\r\n"));
  EXPECT_THAT(said_inside(hasty), ElementsAre("EHLO client.example.org", "AUTH LOGIN", "QUIT"));
  EXPECT_EQ(hasty.visit.auth->reply->code, 535);
}

TEST(ClientAuth, NeverTellsThePasswordBeforeTheUser) {
  const Meeting meeting = logged_in(offering("AUTH LOGIN").sends("AUTH", "334 a\r\n334 b\r\n334 c\r\n"));
  EXPECT_THAT(said_inside(meeting), ElementsAre("EHLO client.example.org", "AUTH LOGIN", kUser));
  EXPECT_EQ(meeting.visit.stage, VisitStage::Auth);
  EXPECT_EQ(meeting.visit.end, VisitEnd::TimedOut);
}

TEST(ClientAuth, EndsWithTheServer) {
  const Meeting shut = logged_in(offering("AUTH PLAIN").answers("AUTH", "421 too many"));
  EXPECT_EQ(shut.visit.end, VisitEnd::Refused);
  EXPECT_EQ(shut.visit.stage, VisitStage::Auth);
  EXPECT_EQ(shut.visit.auth->reply->code, 421);
  const Meeting closed = logged_in(offering("AUTH PLAIN").closes("AUTH"));
  EXPECT_EQ(closed.visit.end, VisitEnd::Closed);
  EXPECT_EQ(closed.visit.auth->mechanism, "PLAIN");
  EXPECT_EQ(closed.visit.auth->reply, std::nullopt);
}

TEST(ClientAuth, IsNotTriedWhereItIsNotOffered) {
  for (const char* offer : {"SIZE 1", "AUTH", "AUTH CRAM-MD5", "XAUTH PLAIN", "AUTHPLAIN"}) {
    const Meeting meeting = logged_in(offering(offer));
    EXPECT_THAT(said_inside(meeting), ElementsAre("EHLO client.example.org", "QUIT")) << offer;
    ASSERT_TRUE(meeting.visit.auth.has_value());
    EXPECT_EQ(meeting.visit.auth->mechanism, "");
  }
}

TEST(ClientAuth, IsNeverTriedInTheClear) {
  const auto greeted = ScriptedServer().greets("220 mx");
  for (const auto& server : {ScriptedServer(greeted).answers("EHLO", "250-mx\r\n250 AUTH PLAIN LOGIN"),
                             ScriptedServer(greeted)
                                 .answers("EHLO", "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN")
                                 .answers("STARTTLS", "454 no"),
                             ScriptedServer(greeted).answers("EHLO", "502 what").answers("HELO", "250 AUTH PLAIN")}) {
    const Meeting meeting = logged_in(server);
    EXPECT_EQ(meeting.said.back(), "QUIT");
    for (const std::string& line : meeting.said) EXPECT_THAT(line, Not(HasSubstr("AUTH")));
    ASSERT_TRUE(meeting.visit.auth.has_value());
    EXPECT_EQ(meeting.visit.auth->mechanism, "");
  }
}

TEST(ClientAuth, IsUntoldWhereTheVisitEndedBefore) {
  EXPECT_FALSE(logged_in(ScriptedServer()).visit.auth.has_value());
  EXPECT_FALSE(offering("AUTH PLAIN").visited().visit.auth.has_value());
}

TEST(ClientAuth, IsLeftOutWhereNobodyVouchesForTheServer) {
  ClientOptions options = ScriptedServer::visitor_with_password();
  options.begins_with_tls = true;
  smtp::Client client(options, Time{});
  client.withhold_credentials();
  client.handle_tls(Time{}, true);
  client.handle_bytes(Time{}, bytes_of("220 mx\r\n"));
  EXPECT_EQ(client.poll_transmit(), "EHLO client.example.org\r\n");
  client.handle_bytes(Time{}, bytes_of("250-mx\r\n250 AUTH PLAIN LOGIN\r\n"));
  EXPECT_EQ(client.poll_transmit(), "QUIT\r\n");
  EXPECT_EQ(client.visit().auth->mechanism, "");
}

TEST(ClientAuth, LeavesNoSecretInTheVisitThoughTheServerRepeatsIt) {
  const std::string echo = std::string("535 you said AUTH PLAIN ") + kResponse;
  const Visit plain = logged_in(offering("AUTH PLAIN").answers("AUTH", echo)).visit;
  EXPECT_THAT(everything_in(plain), HasSubstr("you said"));
  EXPECT_THAT(everything_in(plain), Not(HasSubstr(kResponse)));
  const Visit login = logged_in(offering("AUTH LOGIN")
                                    .answers("AUTH", std::string("334 ") + kPassword)
                                    .answers(kUser, std::string("334 ") + kPassword)
                                    .answers(kPassword, std::string("535 ") + kPassword))
                          .visit;
  EXPECT_THAT(everything_in(login), Not(HasSubstr(kPassword)));
  EXPECT_THAT(everything_in(login), Not(HasSubstr(kUser)));
}

TEST(ClientAuth, GivesItsLineOutOnce) {
  smtp::Client client(
      [] {
        ClientOptions options = ScriptedServer::visitor_with_password();
        options.begins_with_tls = true;
        return options;
      }(),
      Time{});
  client.handle_tls(Time{}, true);
  client.handle_bytes(Time{}, bytes_of("220 mx\r\n"));
  client.poll_transmit();
  client.handle_bytes(Time{}, bytes_of("250-mx\r\n250 AUTH PLAIN\r\n"));
  EXPECT_EQ(client.poll_transmit(), std::string("AUTH PLAIN ") + kResponse + "\r\n");
  EXPECT_EQ(client.poll_transmit(), std::nullopt);
}

TEST(Base64, IsThatOfTheRfc) {
  // RFC 4648 section 10.
  EXPECT_EQ(smtp::base64("").text(), "");
  EXPECT_EQ(smtp::base64("f").text(), "Zg==");
  EXPECT_EQ(smtp::base64("fo").text(), "Zm8=");
  EXPECT_EQ(smtp::base64("foo").text(), "Zm9v");
  EXPECT_EQ(smtp::base64("foob").text(), "Zm9vYg==");
  EXPECT_EQ(smtp::base64("fooba").text(), "Zm9vYmE=");
  EXPECT_EQ(smtp::base64("foobar").text(), "Zm9vYmFy");
  EXPECT_EQ(smtp::base64("\xff\xfe\xfb").text(), "//77");
}

}  // namespace
}  // namespace smtpath::test
