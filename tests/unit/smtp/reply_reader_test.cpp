#include "smtpath/smtp/reply_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Reply;
using smtp::ReplyReader;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Reply> read_all(ReplyReader& reader, std::string_view text) {
  const auto bytes = bytes_of(text);
  std::vector<Reply> replies;
  for (std::size_t read = 0; read < bytes.size();) {
    read += reader.read(std::span(bytes).subspan(read));
    if (reader.has_reply()) replies.push_back(reader.take());
  }
  return replies;
}

struct Sample {
  std::string bytes;
  /// Codes and texts of all replies; and lines that are none.
  std::string replies;
  std::uint32_t odd_lines = 0;
};

class Replies : public testing::TestWithParam<Sample> {};

TEST_P(Replies, AreReadAsTheGrammarSays) {
  ReplyReader reader;
  std::string replies;
  for (const Reply& reply : read_all(reader, GetParam().bytes))
    replies += (replies.empty() ? "" : "|") + std::to_string(reply.code) + ":" + reply.text;
  EXPECT_EQ(replies, GetParam().replies);
  EXPECT_EQ(reader.odd_lines(), GetParam().odd_lines);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc5321, Replies,
    testing::Values(Sample{"220 mx ready\r\n", "220:mx ready"}, Sample{"250\r\n", "250:"}, Sample{"250 \r\n", "250:"},
                    Sample{"250-a\r\n250-b\r\n250 c\r\n", "250:a"}, Sample{"250 bare\n354 feed\n", "250:bare|354:feed"},
                    Sample{"250 two\r\r\n", "250:two"}, Sample{"250-first\r\n550 last\r\n", "550:first"},
                    Sample{"220-a\r\nwelcome\r\n220 b\r\n", "220:a", 1}, Sample{"150 preliminary\r\n", "", 1},
                    Sample{"650 too high\r\n", "", 1}, Sample{"25 short\r\n", "", 1}, Sample{"2500 long\r\n", "", 1},
                    Sample{"\r\n220 late\r\n", "220:late", 1}, Sample{"220 unfinished", ""},
                    Sample{"250-unfinished\r\n", ""}, Sample{"220*****\r\n", "220:*****"},
                    Sample{"221\tbye\r\n", "221:bye"}, Sample{"\x16\x03\x01\r\n250 ok\r\n", "250:ok", 1}));

TEST(ReplyReader, StopsBehindAReplySoThatWhatFollowsCanBeAnother) {
  ReplyReader reader;
  const auto bytes = bytes_of("220 go ahead\r\n\x16\x03\x03");
  EXPECT_EQ(reader.read(bytes), bytes.size() - 3);
  ASSERT_TRUE(reader.has_reply());
  EXPECT_EQ(reader.take().code, 220);
  EXPECT_FALSE(reader.is_under_way());
}

TEST(ReplyReader, KeepsTheLinesThatNameExtensions) {
  ReplyReader reader;
  const auto bytes = bytes_of("250-mx\r\n250-SIZE 100\r\n250 STARTTLS\r\n");
  reader.read(bytes);
  ASSERT_TRUE(reader.has_reply());
  EXPECT_THAT(reader.further_lines(), ElementsAre("SIZE 100", "STARTTLS"));
  reader.take();
  EXPECT_THAT(reader.further_lines(), IsEmpty());
}

TEST(ReplyReader, IsUnderWayUntilTheLastLineEnds) {
  ReplyReader reader;
  EXPECT_FALSE(reader.is_under_way());
  read_all(reader, "2");
  EXPECT_TRUE(reader.is_under_way());
  read_all(reader, "50-mx\r\n");
  EXPECT_TRUE(reader.is_under_way());
  EXPECT_EQ(read_all(reader, "250 HELP\r\n").size(), 1U);
  EXPECT_FALSE(reader.is_under_way());
}

TEST(ReplyReader, KeepsOnlyTheBeginningOfALongLine) {
  ReplyReader reader;
  const auto replies = read_all(reader, "550 " + std::string(300, 'x') + "\r\n");
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies.front().text, std::string(smtp::kLongestText, 'x'));
  EXPECT_EQ(reader.odd_lines(), 0U);
}

TEST(ReplyReader, CountsAnEndlessLineOnceAndReadsOnBehindIt) {
  ReplyReader reader;
  read_all(reader, "550 ");
  for (int i = 0; i < 1000; ++i) read_all(reader, std::string(1000, 'x'));
  EXPECT_EQ(reader.odd_lines(), 1U);
  const auto replies = read_all(reader, "\r\n221 bye\r\n");
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies.back().text, "bye");
}

TEST(ReplyReader, KnowsAServerThatIsNone) {
  ReplyReader web;
  read_all(web, "HTTP/1.1 400 Bad Request\r\n");
  EXPECT_TRUE(web.began_otherwise());
  ReplyReader unfinished;
  read_all(unfinished, "SSH-2");
  EXPECT_TRUE(unfinished.began_otherwise());
  ReplyReader mail;
  read_all(mail, "22");
  read_all(mail, "0 mx\r\nnonsense\r\n");
  EXPECT_FALSE(mail.began_otherwise());
}

TEST(ReplyReader, TakesABareCodeForAReplyThoughTheLineIsCutBeforeItsEnd) {
  ReplyReader reader;
  read_all(reader, "220\r");
  EXPECT_FALSE(reader.began_otherwise());
  EXPECT_EQ(read_all(reader, "\n").size(), 1U);
}

TEST(ReplyReader, ReadsTheSameHoweverManyCarriageReturnsAreWhereTheBytesAreCut) {
  const std::string many(300, '\r');
  for (const std::string& line : {many + "\n", many + "hello\n", "220 " + std::string(255, 'a') + many + "b\n"}) {
    ReplyReader whole;
    ReplyReader cut;
    const auto expected = read_all(whole, line);
    std::vector<Reply> replies;
    for (const char each : line) {
      for (Reply& reply : read_all(cut, std::string(1, each))) replies.push_back(std::move(reply));
    }
    EXPECT_EQ(cut.began_otherwise(), whole.began_otherwise());
    ASSERT_EQ(replies.size(), expected.size());
    for (std::size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i].text, expected[i].text);
  }
}

TEST(ReplyReader, PassesOverTheRestOfALineBehindAGap) {
  ReplyReader reader;
  read_all(reader, "250 2.1.0 O");
  reader.note_gap();
  const auto replies = read_all(reader, "est of another\r\n354 go\r\n");
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies.front().code, 354);
  EXPECT_EQ(reader.odd_lines(), 0U);
}

TEST(ReplyReader, GoesOnWithAReplyThatHasAGapInIt) {
  ReplyReader reader;
  read_all(reader, "250-mx\r\n250-SI");
  reader.note_gap();
  const auto replies = read_all(reader, "250 HELP\r\n");
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies.front().text, "mx");
}

TEST(ReplyReader, DropsAReplyWhoseEndWasLost) {
  ReplyReader reader;
  read_all(reader, "250-mx\r\n");
  reader.note_gap();
  const auto replies = read_all(reader, "354 go\r\n");
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies.front().text, "go");
}

}  // namespace
}  // namespace smtpath::test
