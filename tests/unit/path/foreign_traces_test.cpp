// Which packets of a capture make somebody's trace, and which do not.

#include "smtpath/path/foreign_traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "smtpath/wire/decode.h"
#include "support/dice.h"
#include "support/packets.h"

namespace smtpath::path {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Bytes;

constexpr Port kSmtp{25};
constexpr Port kHttps{443};

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

IpAddress router(int hop) {
  return address("198.51.100." + std::to_string(hop));
}

struct Syn {
  Ttl ttl{1};
  Port source_port{40001};
  std::uint32_t sequence = 1000;
  std::uint16_t identification = 1;
  Port destination_port = kSmtp;
  IpAddress source = address("192.0.2.2");
  IpAddress destination = address("203.0.113.9");

  Bytes bytes() const {
    return test::tcp_packet(
        {.source = source, .destination = destination, .ttl = ttl, .identification = identification},
        {.source_port = source_port,
         .destination_port = destination_port,
         .sequence = sequence,
         .flags = {.syn = true},
         .window = 5840});
  }
};

/// A probe as traceroute -T sends it: from a port of its own.
Syn probe(int ttl, int attempt = 0) {
  const int number = ttl * 10 + attempt;
  return {.ttl = Ttl{static_cast<std::uint8_t>(ttl)},
          .source_port = Port{static_cast<std::uint16_t>(40000 + number)},
          .sequence = 5000U + static_cast<std::uint32_t>(number),
          .identification = static_cast<std::uint16_t>(number)};
}

/// Like a probe of a tool that keeps its tuple.
Syn probe_of_one_tuple(int ttl) {
  Syn syn = probe(ttl);
  syn.source_port = Port{40001};
  syn.sequence = 1000;
  return syn;
}

class Capture {
 public:
  explicit Capture(std::vector<Port> subjects = {kSmtp}) : traces_(std::move(subjects)) {}

  void shows(const Bytes& packet, Duration later = milliseconds(1)) {
    now_ += later;
    const auto decoded = wire::decode(LinkType::Raw, packet);
    traces_.handle_packet(now_, std::get<wire::Packet>(decoded));
  }
  void shows(const Syn& syn, Duration later = milliseconds(1)) { shows(syn.bytes(), later); }
  void shows_time_exceeded(int hop, const Syn& syn) { shows(time_exceeded(hop, syn)); }
  void shows_answer(const Syn& syn, const wire::TcpFlags& flags, Duration later = milliseconds(1)) {
    shows(test::tcp_packet({.source = syn.destination, .destination = syn.source, .ttl = Ttl{59}},
                           {.source_port = syn.destination_port,
                            .destination_port = syn.source_port,
                            .sequence = 77,
                            .acknowledgment = syn.sequence + 1,
                            .flags = flags}),
          later);
  }
  void shows_syn_ack(const Syn& syn, Duration later = milliseconds(1)) {
    shows_answer(syn, {.syn = true, .ack = true}, later);
  }

  /// TTL 1 to `distance`, answered by a router each and by the host.
  void shows_trace(
      int distance, Syn (*probe_of)(int) = [](int ttl) { return probe(ttl); }) {
    for (int ttl = 1; ttl <= distance; ++ttl) {
      shows(probe_of(ttl));
      if (ttl < distance) {
        shows_time_exceeded(ttl, probe_of(ttl));
      } else {
        shows_syn_ack(probe_of(ttl));
      }
    }
  }

  static Bytes time_exceeded(int hop, const Syn& syn) {
    return test::icmp_error_packet({.source = router(hop), .destination = syn.source, .ttl = Ttl{60}},
                                   {.type = 11, .original = syn.bytes()});
  }

  ForeignTraces& traces() { return traces_; }
  std::vector<FoundTrace> found() { return traces_.finish(); }

 private:
  ForeignTraces traces_;
  Time now_{seconds(1'700'000'000)};
};

std::size_t probes_of(const FoundTrace& found) {
  std::size_t count = found.trace.echo.probes.size();
  for (const FlowTrace& flow : found.trace.flows) count += flow.probes.size();
  return count;
}

/// The replies to the probe with this TTL, if there is just one such probe.
std::vector<Reply> replies_at(const FoundTrace& found, int ttl) {
  std::vector<Reply> replies;
  for (const FlowTrace& flow : found.trace.flows) {
    for (const Probe& sent : flow.probes) {
      if (sent.ttl.hops == ttl) replies.insert(replies.end(), sent.replies.begin(), sent.replies.end());
    }
  }
  return replies;
}

TEST(ForeignTraces, FindATraceByItsTtlsAndTheErrorsThatQuoteThem) {
  Capture capture;
  capture.shows_trace(4);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].plan.address, address("203.0.113.9"));
  EXPECT_EQ(found[0].plan.source, address("192.0.2.2"));
  ASSERT_EQ(found[0].plan.ports.size(), 1U);
  EXPECT_EQ(found[0].plan.ports[0].port, kSmtp);
  EXPECT_EQ(found[0].last - found[0].first, milliseconds(6));
  EXPECT_EQ(found[0].trace.flows.size(), 4U);
  for (int ttl = 1; ttl <= 3; ++ttl) {
    ASSERT_EQ(replies_at(found[0], ttl).size(), 1U) << ttl;
    EXPECT_EQ(replies_at(found[0], ttl)[0].from, router(ttl));
    EXPECT_EQ(replies_at(found[0], ttl)[0].kind, ReplyKind::TimeExceeded);
  }
  EXPECT_EQ(replies_at(found[0], 4).at(0).kind, ReplyKind::SynAck);
}

TEST(ForeignTraces, FindATraceThatComesNearer) {
  Capture capture;
  for (int ttl = 6; ttl >= 1; --ttl) {
    capture.shows(probe(ttl));
    if (ttl >= 4) {
      capture.shows_syn_ack(probe(ttl));
    } else {
      capture.shows_time_exceeded(ttl, probe(ttl));
    }
  }
  EXPECT_EQ(capture.found().size(), 1U);
}

TEST(ForeignTraces, FindATraceInSilence) {
  Capture capture;
  for (int ttl = 1; ttl <= 30; ++ttl) capture.shows(probe(ttl), seconds(5));
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(probes_of(found[0]), 30U);
}

TEST(ForeignTraces, FollowATraceBeyondThirtyHops) {
  Capture capture;
  capture.shows_trace(36);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(replies_at(found[0], 36).at(0).kind, ReplyKind::SynAck);
}

TEST(ForeignTraces, FindNoneInRepeatedSyns) {
  for (const int ttl : {3, 29, 64, 128}) {
    Capture capture;
    for (int attempt = 0; attempt < 6; ++attempt) {
      Syn syn = probe(ttl);
      syn.identification = static_cast<std::uint16_t>(attempt + 1);
      capture.shows(syn, seconds(1));
      capture.shows_time_exceeded(7, syn);
    }
    EXPECT_TRUE(capture.found().empty()) << ttl;
  }
}

TEST(ForeignTraces, FindNoneInAScanWithRandomTtls) {
  test::Dice dice(11);
  for (const auto& [lowest, highest] : {std::pair(37, 60), std::pair(2, 30)}) {
    Capture capture;
    for (int number = 0; number < 200; ++number) {
      Syn syn = probe(dice.between(lowest, highest));
      syn.source_port = Port{static_cast<std::uint16_t>(50000 + number)};
      capture.shows(syn);
      capture.shows_answer(syn, {.rst = true, .ack = true});
    }
    EXPECT_TRUE(capture.found().empty()) << lowest;
  }
}

TEST(ForeignTraces, FindNoneWhereATraceArrives) {
  // At the host every probe that comes is answered, and none expires.
  Capture capture;
  for (int ttl = 1; ttl <= 8; ++ttl) {
    capture.shows(probe(ttl));
    capture.shows_syn_ack(probe(ttl));
  }
  EXPECT_TRUE(capture.found().empty());
}

TEST(ForeignTraces, TakeNoPacketThatIsPassedOnForAnotherProbe) {
  // In a routing loop one SYN comes by again and again.
  Capture capture;
  for (int ttl = 29; ttl >= 1; ttl -= 2) {
    Syn syn = probe(29);
    syn.ttl = Ttl{static_cast<std::uint8_t>(ttl)};
    capture.shows(syn);
  }
  capture.shows_time_exceeded(1, probe(29));
  EXPECT_TRUE(capture.found().empty());
}

TEST(ForeignTraces, CountAPacketOnceThatTwoInterfacesShow) {
  Capture capture;
  for (int ttl = 2; ttl <= 6; ++ttl) {
    capture.shows(probe(ttl));
    capture.shows(probe(ttl));
    Syn passed_on = probe(ttl);
    passed_on.ttl = passed_on.ttl - 1;
    capture.shows(passed_on);
    capture.shows_time_exceeded(ttl, probe(ttl));
    capture.shows_time_exceeded(ttl, probe(ttl));
  }
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(probes_of(found[0]), 5U);
  EXPECT_EQ(replies_at(found[0], 4).size(), 1U);
}

TEST(ForeignTraces, ShowATraceOnceThatATranslatorPassesOn) {
  Capture capture;
  for (int ttl = 2; ttl <= 6; ++ttl) {
    Syn outside = probe(ttl);
    outside.ttl = outside.ttl - 1;
    outside.source = address("192.0.2.77");
    capture.shows(probe(ttl));
    capture.shows(outside);
    capture.shows_time_exceeded(ttl, outside);
    capture.shows_time_exceeded(ttl, probe(ttl));
  }
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].plan.source, address("192.0.2.2"));
}

TEST(ForeignTraces, KeepTwoTracesOfOnePortApart) {
  Capture capture;
  capture.shows_trace(4);
  capture.shows(probe(64), hours(1));
  capture.shows_trace(5);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(probes_of(found[0]), 4U);
  EXPECT_EQ(probes_of(found[1]), 5U);
}

TEST(ForeignTraces, TakeOtherPortsOfTheSameHostForControls) {
  const auto probe_of_https = [](int ttl) {
    Syn syn = probe(ttl);
    syn.destination_port = kHttps;
    return syn;
  };
  Capture without;
  without.shows_trace(4, probe_of_https);
  EXPECT_TRUE(without.found().empty()) << "no subject";

  Capture capture;
  capture.shows_trace(4, probe_of_https);
  capture.shows_trace(4);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].plan.ports.size(), 2U);
  EXPECT_EQ(found[0].plan.ports[0].port, kSmtp);
  EXPECT_EQ(found[0].plan.ports[0].role, Role::Subject);
  EXPECT_EQ(found[0].plan.ports[1].port, kHttps);
  EXPECT_EQ(found[0].plan.ports[1].role, Role::Control);
}

TEST(ForeignTraces, TakeATraceByEchoRequestsForTheEchoOfTheTarget) {
  Capture capture;
  capture.shows_trace(4);
  const IpAddress host = address("192.0.2.2");
  const IpAddress target = address("203.0.113.9");
  for (std::uint16_t ttl = 1; ttl <= 4; ++ttl) {
    const wire::IpHeader ip{
        .source = host, .destination = target, .ttl = Ttl{static_cast<std::uint8_t>(ttl)}, .identification = ttl};
    const Bytes request = test::echo_packet(ip, {.identifier = 9, .sequence = ttl});
    capture.shows(request);
    if (ttl < 4) {
      capture.shows(test::icmp_error_packet({.source = router(ttl), .destination = host, .ttl = Ttl{60}},
                                            {.type = 11, .original = request}));
    } else {
      capture.shows(test::echo_packet({.source = target, .destination = host, .ttl = Ttl{59}},
                                      {.is_reply = true, .identifier = 9, .sequence = ttl}));
    }
  }
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].trace.echo.probes.size(), 4U);
  EXPECT_EQ(found[0].trace.echo.probes[3].replies.at(0).kind, ReplyKind::EchoReply);
  EXPECT_EQ(found[0].plan.ports.size(), 1U);
}

TEST(ForeignTraces, GiveAnAnswerThatNamesNoProbeToTheOneThatIsAwaited) {
  Capture capture;
  capture.shows_trace(5, probe_of_one_tuple);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].trace.flows.size(), 1U);
  EXPECT_EQ(replies_at(found[0], 5).at(0).kind, ReplyKind::SynAck);
  EXPECT_TRUE(found[0].trace.flows[0].unattributed.empty());
}

TEST(ForeignTraces, GiveAnAnswerToNoProbeWhereTwoTtlsAreAwaited) {
  Capture capture;
  capture.shows_trace(3, probe_of_one_tuple);
  capture.shows(probe_of_one_tuple(4));
  capture.shows(probe_of_one_tuple(5));
  capture.shows_answer(probe_of_one_tuple(5), {.rst = true, .ack = true});
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(replies_at(found[0], 4).empty());
  EXPECT_TRUE(replies_at(found[0], 5).empty());
  EXPECT_EQ(found[0].trace.flows[0].unattributed.size(), 1U);
}

TEST(ForeignTraces, GiveALateAnswerToNoProbeOfSeveralTtls) {
  Capture capture;
  capture.shows_trace(3, probe_of_one_tuple);
  capture.shows(probe_of_one_tuple(4));
  capture.shows_answer(probe_of_one_tuple(4), {.rst = true, .ack = true}, seconds(4));
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(replies_at(found[0], 4).empty());
}

TEST(ForeignTraces, TakeNoAnswerAndNoErrorWithoutProof) {
  Capture capture;
  for (int ttl = 1; ttl <= 5; ++ttl) {
    capture.shows(probe(ttl), seconds(1));
    Syn other = probe(ttl);
    other.sequence += 100;  // as the error about a data packet of that connection has it
    capture.shows_time_exceeded(ttl, other);
    capture.shows_syn_ack(other);
  }
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U) << "a trace in silence";
  for (int ttl = 1; ttl <= 5; ++ttl) EXPECT_TRUE(replies_at(found[0], ttl).empty()) << ttl;
}

TEST(ForeignTraces, TellWhenAnErrorQuotesAnotherDestination) {
  Capture capture;
  for (int ttl = 1; ttl <= 4; ++ttl) {
    capture.shows(probe(ttl));
    Syn quoted = probe(ttl);
    if (ttl >= 3) quoted.destination = address("203.0.113.200");
    capture.shows_time_exceeded(ttl, quoted);
  }
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(replies_at(found[0], 2).at(0).icmp->translated_to);
  EXPECT_EQ(replies_at(found[0], 3).at(0).icmp->translated_to, address("203.0.113.200"));
}

TEST(ForeignTraces, KnowWhichConnectionsAreProbes) {
  Capture capture;
  capture.shows_trace(4);
  capture.shows(probe(64, 5));
  const Syn syn = probe(2);
  EXPECT_TRUE(capture.traces().is_probe(syn.source, syn.source_port, syn.destination, kSmtp));
  const Syn ordinary = probe(64, 5);
  EXPECT_FALSE(capture.traces().is_probe(ordinary.source, ordinary.source_port, ordinary.destination, kSmtp));
}

TEST(ForeignTraces, AreNotPushedOutByAFlood) {
  constexpr int kFlood = 50'000;
  Capture capture;
  for (int ttl = 1; ttl <= 2; ++ttl) {
    capture.shows(probe(ttl));
    capture.shows_time_exceeded(ttl, probe(ttl));
  }
  test::Dice dice(12);
  for (int number = 0; number < kFlood; ++number) {
    Syn syn = probe(dice.between(1, 30));
    const std::string host = std::to_string(number / 250) + '.' + std::to_string(number % 250 + 1);
    syn.source = address("10.1." + host);
    capture.shows(syn, Duration(1000));
  }
  for (int ttl = 3; ttl <= 5; ++ttl) {
    capture.shows(probe(ttl));
    capture.shows_time_exceeded(ttl, probe(ttl));
  }
  EXPECT_GT(capture.traces().counters().evicted, 40'000U);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(probes_of(found[0]), 5U);
}

TEST(ForeignTraces, KeepABoundedNumberOfProbes) {
  constexpr std::size_t kSent = 100'000;
  Capture capture;
  for (std::size_t number = 0; number < kSent; ++number) {
    Syn syn = probe(static_cast<int>(number % 30) + 1);
    syn.sequence = static_cast<std::uint32_t>(number);
    capture.shows(syn);
    capture.shows_time_exceeded(3, syn);
  }
  const auto counters = capture.traces().counters();
  EXPECT_EQ(counters.probes, kSent);
  EXPECT_GT(counters.left_out, 90'000U);
  const auto found = capture.found();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(probes_of(found[0]), kSent - counters.left_out);
}

TEST(ForeignTraces, KeepABoundedNumberOfTraces) {
  constexpr std::size_t kTraces = 10'000;
  Capture capture;
  for (std::size_t number = 0; number < kTraces; ++number) {
    for (int ttl = 1; ttl <= 4; ++ttl) {
      Syn syn = probe(ttl);
      syn.source = address("10.1." + std::to_string(number / 250) + '.' + std::to_string(number % 250 + 1));
      capture.shows(syn);
      capture.shows_time_exceeded(ttl, syn);
    }
  }
  constexpr std::size_t kMostKept = 32'768;
  EXPECT_GT(capture.traces().counters().evicted, 0U);
  const auto found = capture.found();
  EXPECT_GT(found.size(), kMostKept / 10);
  EXPECT_LE(found.size(), kMostKept / 8);
}

}  // namespace
}  // namespace smtpath::path
