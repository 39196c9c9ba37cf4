// Bytes that are missing, and captures that begin late.

#include <gtest/gtest.h>

#include <string>

#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Transcript;
using smtp::Verb;

TEST(Gap, InAReplyCostsThatReplyAlone) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("MAIL FROM:<a>")
                              .server_bytes("250 2.1")
                              .server_gap(9)
                              .client("RCPT TO:<b>")
                              .server("550 no such user")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Mail).last_reply, std::nullopt);
  EXPECT_EQ(read.of(Verb::Rcpt).refused, 1U);
  EXPECT_EQ(read.gaps, 1U);
  EXPECT_EQ(read.odd_lines, 0U);
}

TEST(Gap, KnownOfLateStillLeavesTheLastCommandItsReply) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("MAIL FROM:<a>")
                              .client("RCPT TO:<b>")
                              .server_gap(14)
                              .server("550 no such user")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Mail).refused, 0U);
  EXPECT_EQ(read.of(Verb::Rcpt).refused, 1U);
}

TEST(Gap, WithinRepliesToAGroupIsBridgedByTheReplyThatFitsOneCommand) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("MAIL FROM:<a>\r\nRCPT TO:<b>\r\nRCPT TO:<c>\r\nDATA")
                              .server("250 ok")
                              .server_gap(20)
                              .server("354 go")
                              .client("text\r\n.")
                              .server("250 queued")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Data).accepted, 1U);
  EXPECT_EQ(read.messages_accepted, 1U);
}

TEST(Gap, InTheClientsCommandsLeavesTheirRepliesUnmatchedAndNotUnsolicited) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_gap(26)
                              .client_bytes("e@example.com>\r\n")
                              .server("250 ok\r\n250 ok")
                              .client("DATA")
                              .server("354 go")
                              .transcript();
  EXPECT_EQ(read.unsolicited, 0U);
  EXPECT_EQ(read.of(Verb::Other).asked, 0U);
  EXPECT_EQ(read.of(Verb::Data).accepted, 1U);
  EXPECT_TRUE(read.is_in_data);
}

TEST(Gap, ThatSwallowsDataIsSeenFromTheServersAnswer) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_gap(6)
                              .server("354 go")
                              .client("Subject: x\r\n\r\nQUIT\r\n.")
                              .server("250 queued")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Quit).asked, 0U);
  EXPECT_EQ(read.messages_accepted, 1U);
}

TEST(Gap, InMessageTextMayHoldItsEnd) {
  const Transcript read = Conversation()
                              .greeted()
                              .up_to_data()
                              .client("text")
                              .client_gap(100)
                              .server("250 queued")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
  EXPECT_FALSE(read.is_in_data);
}

TEST(Gap, InMessageTextMayBeKnownOfOnlyBehindItsReply) {
  const Transcript read = Conversation()
                              .greeted()
                              .up_to_data()
                              .client("text")
                              .server("250 queued")
                              .client_gap(100)
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(Gap, InMessageTextDoesNotHideAnEndThatFollows) {
  const Transcript read =
      Conversation().greeted().up_to_data().client_gap(1460).client("more\r\n.").server("250 queued").transcript();
  EXPECT_EQ(read.messages_accepted, 1U);
}

TEST(Gap, WithinAChunkIsCountedAsItsBytes) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_bytes("BDAT 20 LAST\r\nabcde")
                              .client_gap(10)
                              .client_bytes("fghijQUIT\r\n")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Quit).asked, 1U);
}

TEST(Gap, LargerThanAChunkGoesOnAtTheNextCommand) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_bytes("BDAT 20 LAST\r\nabcde")
                              .client_gap(30)
                              .client_bytes("T\r\nNOOP\r\n")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Noop).asked, 1U);
  EXPECT_EQ(read.of(Verb::Other).asked, 0U);
}

TEST(LateCapture, TakesNoAnswerForTheGreeting) {
  const Transcript read = Conversation()
                              .client_gap(0)
                              .server_gap(0)
                              .client("RCPT TO:<b>")
                              .server("550 no such user")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.greeting, std::nullopt);
  EXPECT_EQ(read.of(Verb::Rcpt).refused, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
  EXPECT_FALSE(read.client_spoke_first);
}

TEST(LateCapture, TellsTextFromCommands) {
  const Transcript read = Conversation()
                              .client_gap(0)
                              .server_gap(0)
                              .client("some text of a message\r\nand data about help\r\n.")
                              .server("250 queued")
                              .client("QUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Other).asked, 0U);
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(LateCapture, KnowsTheGreetingByItsCode) {
  const Transcript read =
      Conversation().client_gap(0).server_gap(0).server("220 mx").client("EHLO x").server("250 mx").transcript();
  EXPECT_EQ(read.greeting->code, 220);
  EXPECT_EQ(read.of(Verb::Ehlo).accepted, 1U);
}

}  // namespace
}  // namespace smtpath::test
