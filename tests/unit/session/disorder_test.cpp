// Random losses, repetitions and disorder of a capture against what the two sides really said.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/dice.h"
#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Session;
using smtp::Verb;

constexpr int kRuns = 400;
constexpr int kMostMessages = 6;

/// What the two sides say and how it is cut into segments.
std::vector<Sent> dialogue(Exchange& talk, Dice& dice, int messages) {
  std::vector<Sent> sent;
  const auto say = [&](Side side, const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto size = static_cast<std::size_t>(dice.between(1, 40));
      sent.push_back(talk.says(side, text.substr(at, size)));
      at += size;
    }
  };
  say(Side::Server, "220 mx.example.com ESMTP\r\n");
  say(Side::Client, "EHLO client.example.org\r\n");
  say(Side::Server, "250-mx.example.com\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
  for (int i = 0; i < messages; ++i) {
    say(Side::Client, "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
    say(Side::Server, "250 Ok\r\n250 Ok\r\n354 Go\r\n");
    say(Side::Client, "Subject: QUIT\r\n\r\nQUIT\r\nRCPT TO:<x@example.com>\r\n.\r\n");
    say(Side::Server, "250 Queued\r\n");
  }
  say(Side::Client, "QUIT\r\n");
  say(Side::Server, "221 Bye\r\n");
  return sent;
}

/// No segment comes more than three places away from its own.
void shuffle(std::vector<Sent>& sent, Dice& dice) {
  std::vector<std::pair<std::size_t, Sent>> places;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    places.emplace_back(i + static_cast<std::size_t>(dice.between(0, 3)), sent[i]);
  }
  std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = places[i].second;
}

void expect_all_was_read(const Session& session, int messages) {
  const auto count = static_cast<std::uint32_t>(messages);
  ASSERT_TRUE(session.dialogue.greeting);
  EXPECT_EQ(session.dialogue.of(Verb::Ehlo).accepted, 1U);
  EXPECT_EQ(session.dialogue.of(Verb::Mail).accepted, count);
  EXPECT_EQ(session.dialogue.of(Verb::Rcpt).accepted, count);
  EXPECT_EQ(session.dialogue.messages_accepted, count);
  EXPECT_EQ(session.dialogue.of(Verb::Quit).asked, 1U);
  EXPECT_EQ(session.dialogue.replies, 3U + 4U * count);
  EXPECT_EQ(session.dialogue.odd_lines, 0U);
}

TEST(Disorder, OfTheCaptureChangesNothingThatWasSaid) {
  for (int seed = 0; seed < kRuns; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(static_cast<std::uint64_t>(seed));
    const auto isn = static_cast<std::uint32_t>(dice.between(-2000, 2000));
    Exchange talk({.client_isn = isn, .server_isn = isn + 7});
    talk.connect();
    const int messages = dice.between(0, kMostMessages);
    std::vector<Sent> sent = dialogue(talk, dice, messages);
    shuffle(sent, dice);
    for (const Sent& segment : sent) talk.show(segment);
    const Session session = talk.session();
    expect_all_was_read(session, messages);
    EXPECT_EQ(session.streams.client.gaps + session.streams.server.gaps, 0U);
    EXPECT_EQ(session.streams.client.retransmissions + session.streams.server.retransmissions, 0U);
  }
}

TEST(Disorder, RepetitionsAndDuplicatesAreCountedAndChangeNothing) {
  for (int seed = 0; seed < kRuns; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(static_cast<std::uint64_t>(seed));
    Exchange talk;
    talk.connect();
    const int messages = dice.between(0, kMostMessages);
    std::uint32_t repeated = 0;
    std::uint64_t captured_twice = 0;
    for (const Sent& segment : dialogue(talk, dice, messages)) {
      talk.show(segment);
      if (dice.chance(0.1) && segment.text.size() > 1) {
        talk.show(segment.again());
        ++repeated;
      } else if (dice.chance(0.1)) {
        talk.show(segment.with_ttl(40));
        ++captured_twice;
      }
    }
    const Session session = talk.session();
    expect_all_was_read(session, messages);
    EXPECT_EQ(session.streams.client.retransmissions + session.streams.server.retransmissions, repeated);
    EXPECT_EQ(session.streams.client.duplicate_frames + session.streams.server.duplicate_frames, captured_twice);
  }
}

TEST(Disorder, WhatTheCaptureLostIsMissedByteForByte) {
  for (int seed = 0; seed < kRuns; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(static_cast<std::uint64_t>(seed));
    Exchange talk;
    talk.connect();
    std::uint64_t lost = 0;
    for (const Sent& segment : dialogue(talk, dice, dice.between(0, kMostMessages))) {
      talk.wait(30ms);
      if (dice.chance(0.1)) {
        lost += segment.text.size();
      } else {
        talk.show(segment);
      }
    }
    talk.wait(30ms);
    talk.close();
    const Session session = talk.session();
    EXPECT_EQ(session.streams.client.bytes_not_captured + session.streams.server.bytes_not_captured, lost);
    EXPECT_EQ(session.streams.client.retransmissions + session.streams.server.retransmissions, 0U);
  }
}

TEST(Disorder, ASynAckAfterTheFirstBytesEndsTheWaitForWhatTheClientHeard) {
  Exchange talk({.server_isn = 2'000'000'000});
  talk.show(talk.syn());
  talk.syn_ack();
  talk.show(talk.ack(Side::Client));
  talk.server_says("220 mx.example.com\r\n");
  talk.says(Side::Client, "EHLO client.example.org\r\n");
  // The capture lost that, and what came of it.
  talk.show(talk.says(Side::Client, "NOOP\r\n").with_acknowledgment(2'000'000'101));
  talk.show(Exchange({.server_isn = 5'000'000}).syn_ack().with_acknowledgment(1010));
  talk.wait(1s);
  talk.show(talk.ack(Side::Client));
  EXPECT_EQ(talk.session().streams.client.bytes_not_captured, 9U);
}

}  // namespace
}  // namespace smtpath::test
