// However the bytes of a dialogue are cut, what is read is the same.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

constexpr std::array<const char*, 26> kClientLines{"EHLO x",
                                                   "HELO x",
                                                   "mail from:<a@b>",
                                                   "RCPT TO:<c@d>",
                                                   "DATA",
                                                   "text",
                                                   "..",
                                                   ".",
                                                   "",
                                                   "RSET",
                                                   "NOOP",
                                                   "QUIT",
                                                   "STARTTLS",
                                                   "AUTH PLAIN AGEAYg==",
                                                   "AUTH LOGIN",
                                                   "Zm9vYmFy",
                                                   "*",
                                                   "XXXX",
                                                   "BDAT 5",
                                                   "BDAT 12 LAST",
                                                   "BDAT -1",
                                                   "\r",
                                                   "\x01\xff",
                                                   "LHLO x",
                                                   "PROXY TCP4",
                                                   "VRFY a"};
constexpr std::array<const char*, 22> kServerLines{
    "220 mx",   "220-mx", "250 ok",   "250-mx",       "250-STARTTLS", "250",        "354 go",    "334 ",
    "235 ok",   "535 no", "550 no",   "451 later",    "421 bye",      "221 bye",    "500 what?", "503 order",
    "nonsense", "",       "150 well", "250 XXXXXXXA", "220 *****",    "554 go away"};

Conversation random_conversation(Dice& dice) {
  Conversation conversation;
  const int pieces = dice.between(2, 30);
  for (int i = 0; i < pieces; ++i) {
    const bool is_client = dice.chance(0.5);
    std::string bytes;
    for (int lines = dice.between(1, 4); lines > 0; --lines) {
      bytes += is_client ? dice.one_of(kClientLines) : dice.one_of(kServerLines);
      bytes += dice.chance(0.9) ? "\r\n" : "\n";
    }
    // Half a line, whose end comes later or never.
    if (dice.chance(0.1)) bytes.resize(bytes.size() / 2 + 1);
    is_client ? conversation.client_bytes(bytes) : conversation.server_bytes(bytes);
  }
  return conversation;
}

TEST(Cut, MakesNoDifference) {
  constexpr std::uint64_t kSeeds = 3000;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const Conversation conversation = random_conversation(dice);
    const std::string whole = everything_in(conversation.transcript());
    ASSERT_EQ(everything_in(conversation.read_cut(dice).transcript()), whole) << "seed " << seed;
  }
}

}  // namespace
}  // namespace smtpath::test
