#include "smtpath/smtp/dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Transcript;
using smtp::Verb;
using testing::ElementsAre;

TEST(Dialogue, ReadsAMessageFromGreetingToFarewell) {
  const Transcript read = Conversation()
                              .greeted()
                              .up_to_data()
                              .client("Subject: hello\r\n\r\n..dots\r\n.")
                              .server("250 2.0.0 queued as 1")
                              .client("QUIT")
                              .server("221 2.0.0 Bye")
                              .transcript();
  ASSERT_TRUE(read.greeting);
  EXPECT_EQ(read.greeting->code, 220);
  EXPECT_EQ(read.greeting->text, "mx.example.com ESMTP");
  EXPECT_EQ(read.of(Verb::Ehlo).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Data).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Data).last_reply->code, 354);
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.last_message_reply->text, "2.0.0 queued as 1");
  EXPECT_EQ(read.of(Verb::Quit).last_reply->code, 221);
  EXPECT_THAT(read.reply_codes, ElementsAre(220, 250, 250, 250, 354, 250, 221));
  EXPECT_EQ(read.waits_for_reply_to, std::nullopt);
  EXPECT_EQ(read.last_asked, Verb::Quit);
  EXPECT_EQ(read.unsolicited, 0U);
  EXPECT_EQ(read.odd_lines, 0U);
  EXPECT_FALSE(read.client_spoke_first);
}

TEST(Dialogue, MatchesRepliesToPipelinedCommandsInOrder) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA")
                              .server("250 ok\r\n550 no b\r\n450 not now c\r\n554 no valid recipients")
                              .client("RSET\r\nQUIT")
                              .server("250 ok\r\n221 bye")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Mail).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Rcpt).asked, 2U);
  EXPECT_EQ(read.of(Verb::Rcpt).refused, 1U);
  EXPECT_EQ(read.of(Verb::Rcpt).refused_for_now, 1U);
  EXPECT_EQ(read.of(Verb::Rcpt).first_refusal->text, "no b");
  EXPECT_EQ(read.of(Verb::Rcpt).last_reply->text, "not now c");
  EXPECT_EQ(read.of(Verb::Data).refused, 1U);
  EXPECT_EQ(read.of(Verb::Rset).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
  EXPECT_EQ(read.messages_unanswered, 0U);
}

struct Asked {
  std::string line;
  Verb verb;
};
class Verbs : public testing::TestWithParam<Asked> {};

TEST_P(Verbs, AreKnownInAnyCase) {
  const Transcript read = Conversation().greeted().client(GetParam().line).transcript();
  EXPECT_EQ(read.last_asked, GetParam().verb);
  EXPECT_EQ(read.waits_for_reply_to, GetParam().verb);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc5321, Verbs,
    testing::Values(Asked{"helo x", Verb::Helo}, Asked{"Ehlo x", Verb::Ehlo}, Asked{"mail from:<>", Verb::Mail},
                    Asked{"RcPt To:<a>", Verb::Rcpt}, Asked{"data", Verb::Data}, Asked{"bdat 0 last", Verb::Bdat},
                    Asked{"rset", Verb::Rset}, Asked{"noop x", Verb::Noop}, Asked{"quit ", Verb::Quit},
                    Asked{"vrfy a", Verb::Vrfy}, Asked{"expn a", Verb::Expn}, Asked{"help", Verb::Help},
                    Asked{"etrn a", Verb::Etrn}, Asked{"starttls", Verb::StartTls}, Asked{"auth plain", Verb::Auth},
                    Asked{"XCLIENT ADDR=1", Verb::Other}, Asked{"QUITTER", Verb::Other}, Asked{"MAI L", Verb::Other}));

TEST(Dialogue, TakesTheFirstReplyOfARefusingServerForItsGreeting) {
  const Transcript read = Conversation().server("554-no\r\n554 SMTP service").transcript();
  EXPECT_EQ(read.greeting->code, 554);
  EXPECT_EQ(read.unsolicited, 0U);
}

TEST(Dialogue, NoticesAClientThatSpeaksBeforeTheGreeting) {
  const Transcript read = Conversation().client("EHLO x").server("220 mx").server("250-mx\r\n250 SIZE").transcript();
  EXPECT_TRUE(read.client_spoke_first);
  EXPECT_EQ(read.greeting->code, 220);
  EXPECT_EQ(read.of(Verb::Ehlo).accepted, 1U);
  EXPECT_THAT(read.extensions.list(), ElementsAre("SIZE"));
}

TEST(Dialogue, FallsBackToHelo) {
  const Transcript read = Conversation()
                              .server("220 mx")
                              .client("EHLO x")
                              .server("502 what?")
                              .client("HELO x")
                              .server("250 mx")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Ehlo).refused, 1U);
  EXPECT_EQ(read.of(Verb::Helo).accepted, 1U);
  EXPECT_TRUE(read.extensions.empty());
}

TEST(Dialogue, KeepsTheExtensionsOfTheLastEhlo) {
  const Transcript read = Conversation()
                              .server("220 mx")
                              .client("EHLO x")
                              .server("250-mx\r\n250-StartTls\r\n250 size 5")
                              .client("EHLO y")
                              .server("250-mx\r\n250-AUTH=LOGIN PLAIN\r\n250 8bitmime")
                              .transcript();
  EXPECT_THAT(read.extensions.list(), ElementsAre("AUTH=LOGIN PLAIN", "8BITMIME"));
  EXPECT_FALSE(read.is_starttls_offered);
}

TEST(Dialogue, SeesThroughFirewallsThatMask) {
  const Transcript read = Conversation()
                              .server("220 ****************0*2**")
                              .client("XXXX mail.example.org")
                              .server("500 what?")
                              .client("EHLO x")
                              .server("250-mx\r\n250-XXXXXXXA\r\n250 SIZE")
                              .transcript();
  EXPECT_TRUE(read.is_greeting_masked);
  EXPECT_TRUE(read.is_verb_masked);
  EXPECT_TRUE(read.is_starttls_masked);
  EXPECT_FALSE(read.is_starttls_offered);
  EXPECT_EQ(read.of(Verb::Other).refused, 1U);
}

TEST(Dialogue, TakesNoUsualExtensionForAMask) {
  const Transcript read = Conversation()
                              .server("220 mx ** welcome **")
                              .client("EHLO x")
                              .server("250-mx\r\n250-XEXCH50\r\n250-X-EXPS NTLM\r\n250 XXX")
                              .transcript();
  EXPECT_FALSE(read.is_starttls_masked);
  EXPECT_FALSE(read.is_greeting_masked);
}

TEST(Dialogue, CountsRepliesThatNobodyAskedFor) {
  const Transcript read = Conversation().greeted().server("421 4.4.2 timeout").transcript();
  EXPECT_EQ(read.unsolicited, 1U);
  EXPECT_EQ(read.last_unsolicited->code, 421);
  EXPECT_EQ(read.replies, 3U);
}

TEST(Dialogue, FindsBackToTheCommandThatOnlyOneReplyFits) {
  const Transcript read =
      Conversation().greeted().client("NOOP\r\nMAIL FROM:<a>\r\nQUIT").server("250 ok").server("221 bye").transcript();
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
  EXPECT_EQ(read.of(Verb::Mail).last_reply, std::nullopt);
}

TEST(Dialogue, TakesTheAnswerToABlankLineForNoCommands) {
  const Transcript answered =
      Conversation().greeted().client("").server("500 bad syntax").client("NOOP").server("250 ok").transcript();
  EXPECT_EQ(answered.unsolicited, 0U);
  EXPECT_EQ(answered.of(Verb::Noop).accepted, 1U);
  EXPECT_EQ(answered.odd_lines, 1U);
  const Transcript ignored = Conversation().greeted().client("").client("NOOP").server("250 ok").transcript();
  EXPECT_EQ(ignored.of(Verb::Noop).accepted, 1U);
}

TEST(Dialogue, ReadsOnBehindProxies) {
  const Transcript text = Conversation()
                              .client("PROXY TCP4 192.0.2.1 192.0.2.2 1 25")
                              .greeted()
                              .client("XCLIENT ADDR=192.0.2.1")
                              .server("220 mx again")
                              .client("NOOP")
                              .server("250 ok")
                              .transcript();
  EXPECT_FALSE(text.client_spoke_first);
  EXPECT_EQ(text.of(Verb::Other).accepted, 1U);
  EXPECT_EQ(text.of(Verb::Noop).accepted, 1U);
  const std::string header(
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C"
      "aaaabbbbccdd",
      28);
  const Transcript binary = Conversation().client_bytes(header).greeted().transcript();
  EXPECT_EQ(binary.of(Verb::Quit).asked, 0U);
  EXPECT_EQ(binary.of(Verb::Ehlo).accepted, 1U);
  EXPECT_FALSE(binary.client_spoke_first);
  const Transcript tunnel = Conversation()
                                .client("CONNECT mx.example.com:25 HTTP/1.0\r\nHost: x\r\n")
                                .server("HTTP/1.0 200 ok\r\n")
                                .greeted()
                                .transcript();
  EXPECT_EQ(tunnel.greeting->code, 220);
  EXPECT_EQ(tunnel.of(Verb::Ehlo).accepted, 1U);
  EXPECT_FALSE(tunnel.is_no_smtp);
}

TEST(Dialogue, KnowsAServerThatSpeaksNoSmtp) {
  const Transcript read = Conversation().client("EHLO x").server("SSH-2.0-OpenSSH_9.2").transcript();
  EXPECT_TRUE(read.is_no_smtp);
  EXPECT_EQ(read.greeting, std::nullopt);
}

TEST(Dialogue, ShowsWhatThereIsOfTheServerAlone) {
  const Transcript read = Conversation()
                              .server("220 mx")
                              .server("250-mx\r\n250 STARTTLS")
                              .server("250 sender ok")
                              .server("354 go")
                              .server("250 queued")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.greeting->code, 220);
  EXPECT_TRUE(read.is_starttls_offered);
  EXPECT_EQ(read.unsolicited, 0U);
  EXPECT_EQ(read.replies, 6U);
}

TEST(Dialogue, ShowsWhatThereIsOfTheClientAlone) {
  const Transcript read = Conversation()
                              .client("EHLO x")
                              .client("MAIL FROM:<a>")
                              .client("RCPT TO:<b>")
                              .client("DATA")
                              .client("Subject: x\r\n\r\nQUIT\r\n.")
                              .client("QUIT")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Rcpt).asked, 1U);
  EXPECT_EQ(read.of(Verb::Quit).asked, 1U);
  EXPECT_EQ(read.of(Verb::Other).asked, 0U);
  EXPECT_EQ(read.messages_unanswered, 1U);
  EXPECT_EQ(read.replies, 0U);
  EXPECT_EQ(read.waits_for_reply_to, Verb::Ehlo);
}

TEST(Dialogue, OwesAReplyForEachRecipientInLmtp) {
  const Transcript read = Conversation()
                              .server("220 mx LMTP")
                              .client("LHLO x")
                              .server("250-mx\r\n250 PIPELINING")
                              .client("MAIL FROM:<a>\r\nRCPT TO:<b>\r\nRCPT TO:<c>\r\nRCPT TO:<d>\r\nDATA")
                              .server("250 ok\r\n250 ok\r\n550 no\r\n250 ok\r\n354 go")
                              .client("text\r\n.")
                              .server("250 delivered b\r\n452 d is full")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_TRUE(read.is_lmtp);
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.messages_refused_for_now, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(Dialogue, IsAtHomeWithThousandsOfPipelinedRecipients) {
  Conversation conversation;
  conversation.greeted().client("MAIL FROM:<a>");
  std::string commands;
  std::string replies = "250 ok\r\n";
  for (int i = 0; i < 5000; ++i) {
    commands += "RCPT TO:<" + std::to_string(i) + ">\r\n";
    replies += "250 ok\r\n";
  }
  const Transcript read = conversation.client_bytes(commands).client("DATA").server(replies + "354 go").transcript();
  EXPECT_EQ(read.of(Verb::Rcpt).accepted, 5000U);
  EXPECT_EQ(read.of(Verb::Data).accepted, 1U);
}

}  // namespace
}  // namespace smtpath::test
