// Servers that flood, stall, talk unasked or talk nonsense: the visit ends, stays small, and is told for what it was.
// And however the bytes are cut, it is the same visit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "unit/smtp/conversation.h"
#include "unit/smtp/scripted_server.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using smtp::Verb;
using smtp::VisitEnd;
using smtp::VisitStage;
using testing::ElementsAre;
using testing::IsEmpty;

/// More than anybody reads.
constexpr std::size_t kFlood = 2'000'000;
constexpr std::size_t kSmall = 20'000;
const std::string kEhlo = "EHLO client.example.org";

void expect_small(const smtp::Visit& visit) {
  EXPECT_LT(everything_in(visit).size(), kSmall);
}

TEST(HostileServer, FloodsWithoutALineEnd) {
  for (const char* begin : {"", "220-"}) {
    const Meeting meeting = ScriptedServer().sends("", begin + std::string(5 * kFlood, 'x')).visited();
    EXPECT_EQ(meeting.visit.end, VisitEnd::NoSmtp) << begin;
    EXPECT_EQ(meeting.visit.stage, VisitStage::Greeting);
    EXPECT_THAT(meeting.said, IsEmpty());
    EXPECT_EQ(meeting.took, 0s);
    expect_small(meeting.visit);
  }
}

TEST(HostileServer, FloodsBehindEachCommand) {
  const std::string flood(kFlood, 'x');
  const Meeting ehlo = ScriptedServer().greets("220 mx").sends("EHLO", "250-" + flood).visited();
  EXPECT_EQ(ehlo.visit.end, VisitEnd::NoSmtp);
  EXPECT_EQ(ehlo.visit.stage, VisitStage::Ehlo);
  const Meeting quit = ScriptedServer().greets("220 mx").answers("EHLO", "250 mx").sends("QUIT", flood).visited();
  EXPECT_EQ(quit.visit.end, VisitEnd::Done);
  expect_small(quit.visit);
}

TEST(HostileServer, RepliesWithTenThousandLines) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "250-X" + std::to_string(i) + "\r\n";
  const Meeting meeting = ScriptedServer().greets("220 mx").answers("EHLO", lines + "250 END").visited();
  EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
  EXPECT_EQ(meeting.visit.plain.extensions.size(), smtp::kMostExtensions);
  expect_small(meeting.visit);
}

TEST(HostileServer, NeverEndsItsLines) {
  std::string lines;
  for (int i = 0; i < 300'000; ++i) lines += "220-mx\r\n";
  EXPECT_EQ(ScriptedServer().sends("", lines).visited().visit.end, VisitEnd::NoSmtp);
}

TEST(HostileServer, TalksNonsenseWithoutEnd) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "what\r\n";
  const Meeting meeting = ScriptedServer().greets("220 mx").sends("EHLO", lines).visited();
  EXPECT_EQ(meeting.visit.end, VisitEnd::NoSmtp);
  EXPECT_LE(meeting.visit.plain.odd_lines, 101U);
}

TEST(HostileServer, SaysOneByteASecond) {
  const std::string greeting = "220 " + std::string(100, 'x') + "\r\n";
  const Meeting greets = ScriptedServer().drips("", greeting, 1s).visited();
  EXPECT_EQ(greets.visit.end, VisitEnd::TimedOut);
  EXPECT_EQ(greets.took, 30s);
  EXPECT_LE(greets.visit.waited, 1s);
  EXPECT_TRUE(greets.visit.plain.is_reply_under_way);
  const Meeting answers = ScriptedServer().drips("", "220 mx\r\n", 1s).drips("EHLO", greeting, 1s).visited();
  EXPECT_EQ(answers.visit.stage, VisitStage::Ehlo);
  EXPECT_EQ(answers.visit.end, VisitEnd::TimedOut);
  EXPECT_EQ(answers.took, 38s);
}

TEST(HostileServer, AnswersBeforeItIsAsked) {
  const std::string all = "220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n";
  const Meeting meeting = ScriptedServer().sends("", all).visited();
  EXPECT_THAT(meeting.said, ElementsAre(kEhlo));
  EXPECT_EQ(meeting.visit.end, VisitEnd::TimedOut);
  EXPECT_EQ(meeting.visit.stage, VisitStage::Ehlo);
  EXPECT_EQ(meeting.visit.plain.unsolicited, 2U);
  EXPECT_FALSE(meeting.visit.plain.is_starttls_offered);
  EXPECT_EQ(meeting.visit.ehlo, std::nullopt);
}

TEST(HostileServer, SaysGoodbyeUnasked) {
  const Meeting meeting = ScriptedServer().sends("", "220 mx\r\n421 bye\r\n").visited();
  EXPECT_THAT(meeting.said, IsEmpty());
  EXPECT_EQ(meeting.visit.end, VisitEnd::Refused);
  EXPECT_EQ(meeting.visit.stage, VisitStage::Ehlo);
  EXPECT_EQ(meeting.visit.plain.last_unsolicited->code, 421);
  EXPECT_EQ(meeting.visit.ehlo, std::nullopt);
}

TEST(HostileServer, TalksOnBehindItsAnswer) {
  const auto server = ScriptedServer().sends("", "220 mx\r\n250 ok\r\n").answers("EHLO", "250-mx\r\n250 SIZE");
  const Meeting meeting = server.visited();
  EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
  EXPECT_EQ(meeting.visit.plain.unsolicited, 1U);
  EXPECT_THAT(meeting.visit.plain.extensions.list(), ElementsAre("SIZE"));
}

TEST(HostileServer, ChangesItsCodeBetweenLines) {
  const Meeting meeting = ScriptedServer().greets("220-mx\r\n554 no").visited();
  EXPECT_EQ(meeting.visit.end, VisitEnd::Refused);
  EXPECT_EQ(meeting.visit.plain.greeting->code, 554);
  EXPECT_THAT(meeting.said, ElementsAre("QUIT"));
}

TEST(HostileServer, SendsNulsAndEightBits) {
  const std::string text("a\0b\x1b[31m\xff\x80<b>", 13);
  const Meeting meeting = ScriptedServer().greets("220 " + text).answers("EHLO", "250-mx\r\n250 X" + text).visited();
  EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
  EXPECT_EQ(meeting.visit.plain.greeting->text, text);
  const Meeting nuls = ScriptedServer().sends("", std::string(1000, '\0')).visited();
  EXPECT_EQ(nuls.visit.end, VisitEnd::NoSmtp);
}

TEST(HostileServer, IsMasked) {
  const Meeting meeting = ScriptedServer().greets("220 ***************").answers("EHLO", "502 what").visited();
  EXPECT_TRUE(meeting.visit.plain.is_greeting_masked);
  EXPECT_THAT(meeting.said, ElementsAre(kEhlo, "HELO client.example.org"));
}

TEST(HostileServer, HidesBehindBlankLines) {
  const Meeting meeting = ScriptedServer().sends("", "\r\n\r\n220 mx\r\n").visited();
  EXPECT_THAT(meeting.said, ElementsAre(kEhlo));
  EXPECT_EQ(meeting.visit.plain.odd_lines, 2U);
}

TEST(HostileServer, NeverGetsMoreThanAVisitOutOfUs) {
  constexpr std::uint64_t kSeeds = 2000;
  constexpr std::array<const char*, 18> kLines{"220 mx",  "250 ok",   "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
                                               "334 ",    "235 ok",   "535 no",
                                               "421 bye", "500 what", "502 what",
                                               "454 no",  "354 go",   "221 bye",
                                               "250-mx",  "rubbish",  "",
                                               "220-mx",  "554 no",   "250 AUTH LOGIN"};
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    ScriptedServer server;
    server.greets(dice.chance(0.9) ? "220 mx" : dice.one_of(kLines));
    for (const char* word : {"EHLO", "HELO", "STARTTLS", "EHLO", "AUTH", "d", "d", "*", "QUIT", "TLS"}) {
      server.answers(word, dice.one_of(kLines), std::chrono::milliseconds(dice.between(0, 1000)));
      for (int more = dice.between(0, 2); more > 0; --more)
        server.then_sends(std::string(dice.one_of(kLines)) + "\r\n", std::chrono::milliseconds(dice.between(0, 50)));
    }
    smtp::ClientOptions options = ScriptedServer::visitor_with_password();
    options.begins_with_tls = dice.chance(0.2);
    const Meeting meeting = server.visited(options);
    ASSERT_TRUE(meeting.is_finished);
    ASSERT_LE(meeting.took, 4min);
    for (const smtp::Verb verb : {Verb::Mail, Verb::Rcpt, Verb::Data, Verb::Other}) {
      ASSERT_EQ(meeting.visit.plain.of(verb).asked, 0U);
      ASSERT_TRUE(!meeting.visit.encrypted || meeting.visit.encrypted->of(verb).asked == 0);
    }
    ASSERT_FALSE(meeting.visit.plain.client_spoke_first);
  }
}

Cut cut_at(std::size_t place) {
  return [place](const std::string& bytes) {
    const std::size_t end = std::min(place, bytes.size());
    return std::vector{bytes.substr(0, end), bytes.substr(end)};
  };
}

std::vector<std::string> byte_by_byte(const std::string& bytes) {
  std::vector<std::string> pieces;
  for (const char each : bytes) pieces.emplace_back(1, each);
  return pieces;
}

TEST(ClientBytes, MakeTheSameVisitHoweverTheyAreCut) {
  const auto with_login = ScriptedServer()
                              .greets("220-mx\r\n220 ESMTP")
                              .answers("EHLO", "250-mx\r\n250 STARTTLS")
                              .sends("STARTTLS", "220 go\r\n250 smuggled\r\n")
                              .answers("EHLO", "250-mx\r\n250 AUTH LOGIN")
                              .answers("AUTH", "334 VXNlcm5hbWU6")
                              .answers("d", "334 UGFzc3dvcmQ6")
                              .answers("d", "535-no\r\n535 never")
                              .answers("QUIT", "221 bye");
  for (const ScriptedServer& server :
       {with_login, ScriptedServer().greets("HTTP/1.1 400 Bad Request"), ScriptedServer().greets("hi\r\n220 mx"),
        ScriptedServer().sends("", "220 mx\r\n250 unasked\r\n421 bye\r\n250 more\r\n"),
        ScriptedServer().greets("\r\nwhat"), ScriptedServer().greets("554-no\r\n554 no"),
        ScriptedServer().greets("220")}) {
    const auto options = ScriptedServer::visitor_with_password();
    const Meeting whole = server.visited(options);
    const std::string expected = everything_in(whole.visit);
    constexpr std::size_t kLongest = 40;
    for (std::size_t place = 0; place < kLongest; ++place) {
      const Meeting cut = server.visited(options, cut_at(place));
      ASSERT_EQ(everything_in(cut.visit), expected) << "cut at " << place;
      ASSERT_EQ(cut.said, whole.said);
    }
    ASSERT_EQ(everything_in(server.visited(options, byte_by_byte).visit), expected);
  }
}

}  // namespace
}  // namespace smtpath::test
