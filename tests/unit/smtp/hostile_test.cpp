// Whatever is thrown at the reader: it ends, and it stays small.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Dialogue;
using smtp::Transcript;
using smtp::Verb;

/// Bytes that a transcript keeps.
std::size_t weight(const Transcript& transcript) {
  return everything_in(transcript).size();
}

TEST(Hostile, NoiseIsReadWithoutHarm) {
  constexpr std::uint64_t kSeeds = 200;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    Dialogue dialogue;
    for (int i = 0; i < 200; ++i) {
      std::vector<std::byte> bytes(static_cast<std::size_t>(dice.between(0, 60)));
      for (std::byte& each : bytes) each = static_cast<std::byte>(dice.chance(0.1) ? '\n' : dice.between(0, 255));
      if (dice.chance(0.05)) dialogue.note_client_gap(static_cast<std::uint64_t>(dice.between(0, 100)));
      if (dice.chance(0.05)) dialogue.note_server_gap(static_cast<std::uint64_t>(dice.between(0, 100)));
      const std::size_t read = dice.chance(0.5) ? dialogue.handle_client(bytes) : dialogue.handle_server(bytes);
      ASSERT_LE(read, bytes.size());
    }
    EXPECT_LT(weight(dialogue.transcript()), 20'000U);
  }
}

TEST(Hostile, MegabytesOfRepliesStaySmall) {
  Conversation conversation;
  conversation.greeted().client("EHLO again");
  std::string replies;
  for (int i = 0; i < 100'000; ++i) replies += "250-" + std::string(40, 'x') + std::to_string(i) + "\r\n";
  for (int i = 0; i < 100'000; ++i) replies += "451 " + std::to_string(i) + "\r\n";
  const Transcript read = conversation.server_bytes(replies).transcript();
  EXPECT_EQ(read.replies, 100'002U);
  EXPECT_EQ(read.reply_codes.size(), smtp::kMostCodes);
  EXPECT_LT(weight(read), 20'000U);
}

TEST(Hostile, AnEhloReplyOfManyLinesKeepsTheFirstExtensions) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "250-X" + std::to_string(i) + "\r\n";
  const Transcript read = Conversation().server("220 mx").client("EHLO x").server(lines + "250 END").transcript();
  EXPECT_EQ(read.extensions.size(), smtp::kMostExtensions);
  EXPECT_EQ(read.extensions.list().front(), "X1");
}

TEST(Hostile, EndlessLinesAreCountedAndForgotten) {
  Dialogue dialogue = Conversation().greeted().read();
  const auto endless = bytes_of(std::string(std::size_t{1} << 20U, 'A'));
  for (int i = 0; i < 8; ++i) {
    dialogue.handle_client(endless);
    dialogue.handle_server(endless);
  }
  dialogue.handle_client(bytes_of("\r\nNOOP\r\n"));
  dialogue.handle_server(bytes_of("\r\n500 what?\r\n250 ok\r\n"));
  EXPECT_EQ(dialogue.transcript().of(Verb::Noop).accepted, 1U);
  EXPECT_EQ(dialogue.transcript().of(Verb::Other).refused, 1U);
  EXPECT_GE(dialogue.transcript().odd_lines, 1U);
  EXPECT_LT(weight(dialogue.transcript()), 4000U);
}

TEST(Hostile, CommandsThatNobodyAnswersStaySmall) {
  Conversation conversation;
  conversation.greeted();
  std::string commands;
  for (int i = 0; i < 50'000; ++i) commands += i % 2 == 0 ? "NOOP\r\n" : "VRFY a\r\n";
  const Transcript read = conversation.client_bytes(commands).transcript();
  EXPECT_EQ(read.of(Verb::Noop).asked, 25'000U);
  EXPECT_EQ(read.waits_for_reply_to, Verb::Noop);
  EXPECT_LT(weight(read), 4000U);
}

TEST(Hostile, ManyAuthAttemptsKeepTheFirstMechanisms) {
  Conversation conversation;
  conversation.greeted();
  for (int i = 0; i < 100; ++i) conversation.client("AUTH PLAIN x").server("535 no");
  const Transcript read = conversation.transcript();
  EXPECT_EQ(read.auth_mechanisms.size(), smtp::kMostMechanisms);
  EXPECT_EQ(read.of(Verb::Auth).refused, 100U);
}

}  // namespace
}  // namespace smtpath::test
