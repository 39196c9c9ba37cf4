// Devices that change what passes them, and routers with manners of their own.

#include <gtest/gtest.h>

#include <variant>

#include "probing_host.h"
#include "smtpath/wire/decode.h"
#include "support/network_builder.h"
#include "support/network_fate.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};
constexpr Port kSource{41234};
// Of ProbingHost's SYNs.
constexpr std::uint32_t kSequence = 5000;
constexpr Port kFirstChanged{20000};
constexpr Port kChangedSource{20234};
constexpr std::uint32_t kOffset = 0xfffff000;

IpAddress address_in_front(Family family) {
  return address_of(family, 0, 77);
}

Rewriting everything(Family family) {
  return {.source = address_in_front(family),
          .source_port = kFirstChanged,
          .sequence_offset = kOffset,
          .traffic_class = std::uint8_t{0x28},
          .mss = std::uint16_t{1200},
          .removes_options = true};
}

class RewritingNetwork : public testing::TestWithParam<Family> {
 protected:
  // client - 1 - 2 (changes) - 3 - 4 - server
  static NetworkPath path_with(const Rewriting& rewriting) {
    return routers(4, GetParam()).at(2).rewrites(rewriting).server().open(kSmtp);
  }
  // The first answer to a SYN; it lives as long as this.
  wire::Packet answer(const NetworkPath& path, int ttl) {
    ProbingHost host(path);
    host.syn(kSmtp, ttl, kSource, 1);
    host.after(900ms);
    bytes_ = host.packets().at(0);
    const wire::Packet packet = std::get<wire::Packet>(wire::decode(LinkType::Raw, bytes_));
    EXPECT_FALSE(packet.has_bad_checksum);
    return packet;
  }
  wire::Quote quote(const NetworkPath& path, int ttl) {
    return *std::get<wire::IcmpError>(answer(path, ttl).payload).quote;
  }
  static wire::QuotedTcp tcp(const wire::Quote& quote) { return std::get<wire::QuotedTcp>(quote.transport); }

 private:
  Bytes bytes_;
};

TEST_P(RewritingNetwork, QuotesAreAsSentUpToTheDeviceThatChangesThem) {
  const NetworkPath path = path_with(everything(GetParam()));
  for (const int ttl : {1, 2}) {
    const wire::Quote quoted = quote(path, ttl);
    EXPECT_EQ(quoted.ip.source, path.client);
    EXPECT_EQ(quoted.ip.traffic_class, 0);
    EXPECT_EQ(tcp(quoted).source_port, kSource);
    EXPECT_EQ(tcp(quoted).sequence, kSequence);
    EXPECT_NE(tcp(quoted).options.mss, std::uint16_t{1200});
    EXPECT_TRUE(tcp(quoted).options.timestamps);
  }
}

TEST_P(RewritingNetwork, QuotesFromBehindShowAllThatWasChanged) {
  const wire::Quote quoted = quote(path_with(everything(GetParam())), 3);
  EXPECT_EQ(quoted.ip.source, address_in_front(GetParam()));
  EXPECT_EQ(quoted.ip.traffic_class, 0x28);
  EXPECT_EQ(tcp(quoted).source_port, kChangedSource);
  EXPECT_EQ(tcp(quoted).destination_port, kSmtp);
  EXPECT_EQ(tcp(quoted).sequence, kSequence + kOffset);
  EXPECT_EQ(tcp(quoted).options.mss, std::uint16_t{1200});
  EXPECT_FALSE(tcp(quoted).options.timestamps);
  EXPECT_FALSE(tcp(quoted).options.window_scale);
  EXPECT_FALSE(tcp(quoted).options.sack_permitted);
}

TEST_P(RewritingNetwork, TranslatedErrorsHideAddressPortAndSequence) {
  Rewriting rewriting = everything(GetParam());
  rewriting.translates_errors = true;
  const NetworkPath path = path_with(rewriting);
  const wire::Quote quoted = quote(path, 4);
  EXPECT_EQ(quoted.ip.source, path.client);
  EXPECT_EQ(tcp(quoted).source_port, kSource);
  EXPECT_EQ(tcp(quoted).sequence, kSequence);
  EXPECT_EQ(quoted.ip.traffic_class, 0x28);
  EXPECT_EQ(tcp(quoted).options.mss, std::uint16_t{1200});
}

TEST_P(RewritingNetwork, OnlyWhatIsNamedChanges) {
  const wire::Quote quoted = quote(path_with({.mss = std::uint16_t{1200}}), 3);
  const wire::Quote plain = quote(path_with({}), 3);
  EXPECT_EQ(tcp(quoted).options.mss, std::uint16_t{1200});
  EXPECT_EQ(tcp(quoted).options.timestamps, tcp(plain).options.timestamps);
  EXPECT_EQ(tcp(quoted).sequence, kSequence);
  EXPECT_EQ(tcp(quoted).source_port, kSource);
  EXPECT_EQ(tcp(quote(path_with({.mss = std::uint16_t{9000}}), 3)).options.mss, tcp(plain).options.mss)
      << "a limit, no value";
}

TEST_P(RewritingNetwork, ChangesOfSeveralDevicesAddUpAndAreTranslatedOneByOne) {
  const auto twice = [](bool first_translates, bool second_translates) -> NetworkPath {
    return routers(4, GetParam())
        .at(1)
        .rewrites({.sequence_offset = 10, .translates_errors = first_translates})
        .at(2)
        .rewrites({.sequence_offset = 100, .translates_errors = second_translates});
  };
  EXPECT_EQ(tcp(quote(twice(false, false), 2)).sequence, kSequence + 10);
  EXPECT_EQ(tcp(quote(twice(false, false), 3)).sequence, kSequence + 110);
  EXPECT_EQ(tcp(quote(twice(false, true), 3)).sequence, kSequence + 10);
  EXPECT_EQ(tcp(quote(twice(true, true), 3)).sequence, kSequence);
  EXPECT_EQ(tcp(quote(twice(true, false), 3)).sequence, kSequence + 110) << "what it does not know";
}

TEST_P(RewritingNetwork, AnswersComeBackAsIfNothingHadBeenChanged) {
  const NetworkPath path = path_with(everything(GetParam()));
  const auto syn_ack = std::get<wire::TcpSegment>(answer(path, 30).payload);
  EXPECT_TRUE(syn_ack.flags.syn && syn_ack.flags.ack);
  EXPECT_EQ(syn_ack.destination_port, kSource);
  EXPECT_EQ(syn_ack.acknowledgment, kSequence + 1);
  EXPECT_FALSE(syn_ack.options.timestamps) << "none came to the server";
  EXPECT_FALSE(syn_ack.options.window_scale);

  NetworkPath closed = path;
  closed.server.open.clear();
  const auto reset = std::get<wire::TcpSegment>(answer(closed, 30).payload);
  EXPECT_TRUE(reset.flags.rst);
  EXPECT_EQ(reset.destination_port, kSource);
  EXPECT_EQ(reset.acknowledgment, kSequence + 1);
}

TEST_P(RewritingNetwork, RepeatedSynAcksComeBackToTheirFlowsToo) {
  ProbingHost host(path_with(everything(GetParam())));
  host.keeps_quiet();
  host.syn(kSmtp, 30, kSource, 1);
  host.after(2s);
  ASSERT_EQ(host.packets().size(), 2U);
  EXPECT_EQ(host.packets()[0], host.packets()[1]);
}

TEST_P(RewritingNetwork, ResetsOfThisHostReachTheListener) {
  ProbingHost host(path_with(everything(GetParam())));
  host.syn(kSmtp, 30, kSource, 1);
  EXPECT_EQ(host.after(10s).size(), 1U);
}

TEST_P(RewritingNetwork, ForgedAnswersFromBehindFitThisHostsSyn) {
  const NetworkPath path =
      routers(4, GetParam()).at(2).rewrites(everything(GetParam())).at(3).injects_resets(kSmtp).server().open(kSmtp);
  const auto reset = std::get<wire::TcpSegment>(answer(path, 30).payload);
  EXPECT_TRUE(reset.flags.rst);
  EXPECT_EQ(reset.destination_port, kSource);
  EXPECT_EQ(reset.acknowledgment, kSequence + 1);
}

TEST_P(RewritingNetwork, EchoRequestsChangeTheirSourceAndClassAlone) {
  ProbingHost host(path_with(everything(GetParam())));
  host.echo(3);
  host.after(900ms);
  const auto packet = std::get<wire::Packet>(wire::decode(LinkType::Raw, host.packets().at(0)));
  EXPECT_FALSE(packet.has_bad_checksum);
  const auto& quoted = *std::get<wire::IcmpError>(packet.payload).quote;
  EXPECT_EQ(quoted.ip.source, address_in_front(GetParam()));
  EXPECT_EQ(quoted.ip.traffic_class, 0x28);
  EXPECT_EQ(std::get<wire::QuotedEcho>(quoted.transport).identifier, 77);
  EXPECT_EQ(answer_to_echo(path_with(everything(GetParam())), 30), "echo-reply from target, back 5");
}

TEST_P(RewritingNetwork, LoopsBetweenAChangingRouterAndTheNextChangeAPacketOnce) {
  const NetworkPath path = routers(4, GetParam()).at(2).rewrites(everything(GetParam())).at(3).loops_to(2);
  EXPECT_EQ(tcp(quote(path, 3)).sequence, kSequence + kOffset);
  EXPECT_EQ(tcp(quote(path, 9)).sequence, kSequence + kOffset);
}

TEST_P(RewritingNetwork, RoutersBehindSplitByTheChangedPorts) {
  const NetworkPath path =
      routers(4, GetParam()).at(1).rewrites({.source_port = kFirstChanged}).at(2).splits(2).server().open(kSmtp);
  int moved = 0;
  for (std::uint16_t i = 0; i < 32; ++i) {
    const Port source{static_cast<std::uint16_t>(kSource.number + i)};
    const std::size_t branch = branch_of(
        path.splits.front(),
        {.source_port = Port{static_cast<std::uint16_t>(kChangedSource.number + i)}, .destination_port = kSmtp});
    moved += branch == branch_of(path.splits.front(), {.source_port = source, .destination_port = kSmtp}) ? 0 : 1;
    ProbingHost host(path);
    host.syn(kSmtp, 3, source, 1);
    const std::string place = branch == 0 ? "hop 3" : "hop 3 on branch 1";
    EXPECT_EQ(host.after(900ms), std::vector<std::string>{"time-exceeded from " + place + ", back 3, quoted TTL 1"});
    EXPECT_EQ(&path.hop(3, {.source_port = source, .destination_port = kSmtp}),
              branch == 0 ? &path.hop(3) : &path.splits.front().others[0][0]);
  }
  EXPECT_GT(moved, 0);
}

INSTANTIATE_TEST_SUITE_P(Families, RewritingNetwork, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return tested.param == Family::Ipv4 ? "ipv4" : "ipv6"; });

TEST(OddRouter, ThatForwardsZeroTtlLetsTheNextOneAnswer) {
  const NetworkPath path = routers(4).at(2).forwards_zero_ttl().server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 1), "time-exceeded from hop 1, back 1, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 3, back 3, quoted TTL 0");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
  EXPECT_EQ(answer_to_echo(path, 2), "time-exceeded from hop 3, back 3, quoted TTL 0");
}

TEST(OddRouter, ThatForwardsZeroTtlDoesSoOnlyOnce) {
  const NetworkPath path = routers(4).at(2).forwards_zero_ttl().at(3).forwards_zero_ttl();
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from hop 3, back 3, quoted TTL 0");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 3), "time-exceeded from hop 4, back 4, quoted TTL 0");
}

TEST(OddRouter, ThatForwardsZeroTtlBringsItToTheServer) {
  const NetworkPath path = routers(4).at(4).forwards_zero_ttl().server().open(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 4), "syn-ack from target, back 5");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "syn-ack from target, back 5");
}

TEST(OddRouter, MaySpeakInTheTargetsName) {
  const NetworkPath path = routers(4).at(2).speaks_as_target().rejects(kSmtp, Unreachable::Port);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 2), "time-exceeded from target, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_syn(path, kSmtp, 5), "3/3 from target, back 2, quoted TTL 3");
  EXPECT_EQ(answer_to_echo(path, 2), "time-exceeded from target, back 2, quoted TTL 1");
  EXPECT_EQ(answer_to_echo(path, 3), "time-exceeded from hop 3, back 3, quoted TTL 1");
}

}  // namespace
}  // namespace smtpath::test
