// Message text and chunks: where they end, and what is said meanwhile.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "smtp/end_of_data.h"
#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::EndOfData;
using smtp::Transcript;
using smtp::Verb;

struct Text {
  std::string bytes;
  /// Where the end is over; npos: not in them.
  std::size_t end;
};
class MessageText : public testing::TestWithParam<Text> {};

TEST_P(MessageText, EndsWithADotAloneOnALine) {
  const auto bytes = bytes_of(GetParam().bytes);
  const std::size_t end = std::min(GetParam().end, bytes.size());
  EndOfData whole;
  EXPECT_EQ(whole.read(bytes), end);
  EXPECT_EQ(whole.is_found(), GetParam().end != std::string::npos);
  EndOfData cut;
  std::size_t read = 0;
  while (read < bytes.size() && !cut.is_found()) read += cut.read(std::span(bytes).subspan(read, 1));
  EXPECT_EQ(read, end);
}

INSTANTIATE_TEST_SUITE_P(Rfc5321, MessageText,
                         testing::Values(Text{".\r\nQUIT\r\n", 3}, Text{"a\r\n.\r\nQUIT", 6},
                                         Text{"a.\r\n.b\r\n..\r\n.\r\nx", 15}, Text{"a\n.\nb\r\n.\r\n", 10},
                                         Text{"a\r\n.\r\r\nb", std::string::npos}, Text{"a\r\r\n.\r\nx", 7},
                                         Text{".\n.\r\n", std::string::npos}, Text{"", std::string::npos},
                                         Text{"a\r\n.\rb\r\n.\r\n", 11}, Text{"....\r\n...\r\n.\r\n", 14}));

TEST(MessageText, OfAClientWithoutCarriageReturnsEndsWithoutThem) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_bytes("DATA\n")
                              .server("354 go")
                              .client_bytes("text\n.\nQUIT\n")
                              .server("250 ok")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(MessageText, HoldsNoCommands) {
  const Transcript read = Conversation().greeted().up_to_data().client("RSET\r\nQUIT\r\nMAIL FROM:<x>").transcript();
  EXPECT_EQ(read.of(Verb::Quit).asked, 0U);
  EXPECT_EQ(read.of(Verb::Rset).asked, 0U);
  EXPECT_TRUE(read.is_in_data);
  EXPECT_EQ(read.waits_for_reply_to, std::nullopt);
}

TEST(MessageText, WaitsForItsReplyOnceItEnded) {
  const Transcript read = Conversation().greeted().up_to_data().client("x\r\n.").transcript();
  EXPECT_FALSE(read.is_in_data);
  EXPECT_EQ(read.waits_for_reply_to, Verb::Data);
  EXPECT_EQ(read.messages_unanswered, 1U);
}

TEST(MessageText, IsFollowedByCommandsWhenDataIsRefused) {
  const Transcript read =
      Conversation().greeted().client("DATA").server("503 no recipients").client("QUIT").server("221 bye").transcript();
  EXPECT_EQ(read.of(Verb::Data).refused, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
  EXPECT_EQ(read.messages_unanswered, 0U);
}

TEST(MessageText, MayComeBeforeTheServerAllowsIt) {
  const Transcript read = Conversation()
                              .greeted()
                              .client("DATA\r\nSubject: x\r\n\r\nQUIT\r\n.\r\nQUIT")
                              .server("354 go\r\n250 queued\r\n221 bye")
                              .transcript();
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Quit).asked, 1U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(MessageText, IsNotWhatAClientPipelinesBehindARefusedData) {
  const Transcript read =
      Conversation().greeted().client("RCPT TO:<a>\r\nDATA\r\nQUIT").server("550 no\r\n503 no\r\n221 bye").transcript();
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(MessageText, OfNoLinesIsAMessage) {
  const Transcript read = Conversation().greeted().up_to_data().client(".").server("554 empty").transcript();
  EXPECT_EQ(read.messages_refused, 1U);
}

TEST(MessageText, CanBeAnsweredBeforeItsEndIsSeen) {
  const Transcript read = Conversation()
                              .greeted()
                              .up_to_data()
                              .client("half of it")
                              .server("552 too large")
                              .client("\r\n.\r\nQUIT")
                              .server("221 bye")
                              .transcript();
  EXPECT_EQ(read.messages_refused, 1U);
  EXPECT_EQ(read.messages_unanswered, 0U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(MessageText, IsNotAnsweredByAServerThatGivesUpWaiting) {
  const Transcript read = Conversation().greeted().up_to_data().client("half").server("421 timeout").transcript();
  EXPECT_EQ(read.unsolicited, 1U);
  EXPECT_EQ(read.messages_refused_for_now, 0U);
  EXPECT_TRUE(read.is_in_data);
}

TEST(Chunks, AreSkippedByTheirSize) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_bytes("BDAT 12\r\nQUIT\r\nRSET\r\nBDAT 4 LAST\r\nabcdQUIT\r\n")
                              .server("250 12 octets\r\n250 queued\r\n221 bye")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Bdat).asked, 2U);
  EXPECT_EQ(read.of(Verb::Bdat).accepted, 2U);
  EXPECT_EQ(read.messages_accepted, 1U);
  EXPECT_EQ(read.of(Verb::Rset).asked, 0U);
  EXPECT_EQ(read.of(Verb::Quit).accepted, 1U);
}

TEST(Chunks, FollowEvenWhenRefused) {
  const Transcript read = Conversation()
                              .greeted()
                              .client_bytes("BDAT 6 LAST\r\n")
                              .server("503 no recipients")
                              .client_bytes("QUIT\r\nQUIT\r\n")
                              .transcript();
  EXPECT_EQ(read.of(Verb::Quit).asked, 1U);
  EXPECT_EQ(read.messages_refused, 1U);
}

TEST(Chunks, OfNoSizeAreNoneAtAll) {
  for (const std::string size : {"-1", "99999999999999999999999", "x", "18446744073709551615", ""}) {
    const Transcript read =
        Conversation().greeted().client("BDAT " + size + " LAST").server("521 syntax").client("QUIT").transcript();
    EXPECT_EQ(read.of(Verb::Bdat).refused, 1U) << size;
    EXPECT_EQ(read.of(Verb::Quit).asked, 1U) << size;
  }
  const Transcript last = Conversation().greeted().client("BDAT 0 LAST").server("250 queued").transcript();
  EXPECT_EQ(last.messages_accepted, 1U);
}

}  // namespace
}  // namespace smtpath::test
