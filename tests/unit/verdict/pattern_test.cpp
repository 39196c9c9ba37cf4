// What the ports of one server show side by side.

#include "smtpath/verdict/pattern.h"

#include <gtest/gtest.h>

#include "unit/verdict/session_builder.h"

namespace smtpath::test {
namespace {

using session::Side;
using smtp::Verb;
using std::chrono::seconds;
using verdict::PortTally;

PortTally tally(std::uint16_t port, const std::vector<SessionBuilder>& connections) {
  PortTally tally{Port{port}};
  for (const SessionBuilder& connection : connections) {
    const session::Session session = connection.session();
    tally.add(session, verdict::diagnose(session));
  }
  return tally;
}

SessionBuilder delivered(bool offers_starttls = true) {
  SessionBuilder connection;
  connection.opened().greeted().hello(offers_starttls).message(250).asks(Verb::Quit, 221).closed_by(Side::Client);
  return connection;
}

SessionBuilder dropped() {
  SessionBuilder connection;
  connection.syns(4).waits(seconds(8));
  return connection;
}

SessionBuilder reset_at_ehlo() {
  SessionBuilder connection;
  connection.opened().greeted().asks(Verb::Ehlo).reset_by(Side::Server);
  return connection;
}

using Conclusions = std::vector<std::string>;

TEST(Pattern, ComparesAPortThatIsSilentWithOneThatPasses) {
  const std::vector ports{tally(25, {dropped(), dropped(), delivered()}), tally(587, {delivered()})};
  EXPECT_EQ(conclusions_on(ports),
            (Conclusions{"Port 25: 2 of 3 connections are without an answer to their SYNs; 587 passes."}));
}

TEST(Pattern, TellsAtWhichWordAPortIsReset) {
  const std::vector ports{tally(25, {reset_at_ehlo(), reset_at_ehlo()}), tally(465, {delivered(false)}),
                          tally(587, {delivered()})};
  EXPECT_EQ(conclusions_on(ports),
            (Conclusions{"Port 25: 2 of 2 connections are reset, 2 of them at ehlo, mostly by the server; 465 and 587 "
                         "pass."}));
}

TEST(Pattern, NamesBothCausesOfAnOfferOnOnePortOnly) {
  const std::vector ports{tally(25, {delivered(false)}), tally(587, {delivered()})};
  EXPECT_EQ(conclusions_on(ports),
            (Conclusions{"STARTTLS is offered on 587 of the same server and not on 25: something on the way strips it, "
                         "or the server is set up so."}));
}

TEST(Pattern, TellsOfAnOfferThatComesAndGoes) {
  const std::vector ports{tally(25, {delivered(false), delivered(true)})};
  const Conclusions conclusions = conclusions_on(ports);
  ASSERT_EQ(conclusions.size(), 1U);
  EXPECT_NE(conclusions[0].find("offered in 1 of 2 dialogues"), std::string::npos);
}

TEST(Pattern, NamesAMiddleboxWhereWordsAreMasked) {
  SessionBuilder masked = delivered(false);
  masked.edit().dialogue.is_starttls_masked = true;
  const Conclusions conclusions = conclusions_on(std::vector{tally(25, {masked})});
  ASSERT_EQ(conclusions.size(), 1U);
  EXPECT_NE(conclusions[0].find("a middlebox"), std::string::npos);
}

TEST(Pattern, ConcludesNothingFromOneFailureOrFromSuccess) {
  EXPECT_TRUE(conclusions_on(std::vector{tally(25, {dropped()})}).empty());
  EXPECT_TRUE(conclusions_on(std::vector{tally(25, {delivered(), delivered()}), tally(587, {delivered()})}).empty());
  EXPECT_TRUE(verdict::conclusions_on({}).empty());
}

}  // namespace
}  // namespace smtpath::test
