#include <gtest/gtest.h>

#include <string>

#include "smtpath/smtp/dialogue.h"
#include "unit/smtp/conversation.h"

namespace smtpath::test {
namespace {

using smtp::Dialogue;
using smtp::Transcript;
using smtp::Verb;

Conversation asked() {
  return Conversation().server("220 mx").client("EHLO x").server("250-mx\r\n250 STARTTLS").client("STARTTLS");
}

const std::string kHello = "\x16\x03\x01\x02";

TEST(StartTls, EndsTheDialogueRightBehindItsAnswer) {
  Dialogue dialogue = asked().read();
  const std::string answer = "220 go ahead\r\n";
  EXPECT_FALSE(dialogue.is_tls_next());
  EXPECT_EQ(dialogue.handle_server(bytes_of(answer + kHello)), answer.size());
  EXPECT_TRUE(dialogue.is_tls_next());
  EXPECT_EQ(dialogue.handle_client(bytes_of(kHello)), 0U);
  EXPECT_EQ(dialogue.handle_server(bytes_of(kHello)), 0U);
  EXPECT_EQ(dialogue.transcript().of(Verb::StartTls).accepted, 1U);
  EXPECT_TRUE(dialogue.transcript().is_starttls_offered);
}

TEST(StartTls, LeavesTheDialogueWhereItIsWhenRefused) {
  Dialogue dialogue = asked().server("454 not now").client("MAIL FROM:<a>").server("250 ok").read();
  EXPECT_FALSE(dialogue.is_tls_next());
  EXPECT_EQ(dialogue.transcript().of(Verb::StartTls).refused_for_now, 1U);
  EXPECT_EQ(dialogue.transcript().of(Verb::Mail).accepted, 1U);
}

TEST(StartTls, CanBeGoneBackOn) {
  Dialogue dialogue = asked().server("220 go ahead").read();
  dialogue.resume_in_plain();
  const auto bytes = bytes_of("MAIL FROM:<a>\r\n");
  EXPECT_EQ(dialogue.handle_client(bytes), bytes.size());
  dialogue.handle_server(bytes_of("250 ok\r\n"));
  EXPECT_EQ(dialogue.transcript().of(Verb::Mail).accepted, 1U);
}

TEST(StartTls, IsTakenForAcceptedWhenTheClientBeginsTls) {
  Dialogue dialogue = asked().read();
  EXPECT_EQ(dialogue.handle_client(bytes_of(kHello)), 0U);
  EXPECT_TRUE(dialogue.is_tls_next());
  EXPECT_EQ(dialogue.handle_server(bytes_of(kHello)), 0U);
}

TEST(StartTls, StillGetsTheAnswerThatIsSeenBehindTheClientsTls) {
  Dialogue dialogue = asked().read();
  dialogue.handle_client(bytes_of(kHello));
  const std::string answer = "220 go ahead\r\n";
  EXPECT_EQ(dialogue.handle_server(bytes_of(answer + kHello)), answer.size());
  EXPECT_EQ(dialogue.transcript().of(Verb::StartTls).accepted, 1U);
}

TEST(StartTls, IsNotWhatA220ToAnotherCommandMeans) {
  const Dialogue dialogue = Conversation().greeted().client("XCLIENT A=1").server("220 mx").read();
  EXPECT_FALSE(dialogue.is_tls_next());
}

}  // namespace
}  // namespace smtpath::test
