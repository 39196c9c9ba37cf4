// What devices on the way forge beside the answers of the real ones, and in the name of hosts that are none.

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
// Of ProbingHost's SYNs.
constexpr std::uint32_t kSequence = 5000;

NetworkPath path_that_injects(const Inject& inject, Family family = Family::Ipv4) {
  return routers(4, family).at(2).injects(kSmtp, inject).server().open(kSmtp);
}

wire::Packet decoded(const Bytes& bytes) {
  return std::get<wire::Packet>(wire::decode(LinkType::Raw, bytes));
}

// The first packet that comes back on a SYN.
Bytes first_answer(const NetworkPath& path) {
  ProbingHost host(path);
  host.syn(kSmtp, 30);
  host.after(900ms);
  return host.packets().at(0);
}

TEST(ForgingNetwork, ResetIsFollowedByTheRealAnswer) {
  EXPECT_EQ(answer_to_syn(path_that_injects({}), kSmtp, 30), "rst from target, back 2; syn-ack from target, back 5");
}

TEST(ForgingNetwork, ResetBeginsWithTheTtlThatTheSynHadAtTheInjector) {
  for (const int ttl : {3, 5, 30}) {
    ProbingHost host(path_that_injects({.copies_ttl = true}));
    host.syn(kSmtp, ttl);
    host.after(900ms);
    EXPECT_EQ(decoded(host.packets().at(0)).ip.ttl, Ttl{} + (ttl - 2));
  }
  ProbingHost host(path_that_injects({.copies_ttl = true}));
  host.syn(kSmtp, 2);
  host.after(900ms);
  for (const Bytes& bytes : host.packets()) {
    const wire::Packet packet = decoded(bytes);
    EXPECT_EQ(std::get_if<wire::TcpSegment>(&packet.payload), nullptr) << "its time ends on the way back";
  }
}

TEST(ForgingNetwork, ProperResetAcknowledgesTheSyn) {
  const Bytes bytes = first_answer(path_that_injects({}));
  const auto reset = std::get<wire::TcpSegment>(decoded(bytes).payload);
  EXPECT_TRUE(reset.flags.rst && reset.flags.ack);
  EXPECT_EQ(reset.acknowledgment, kSequence + 1);
}

TEST(ForgingNetwork, BareResetAcknowledgesNothing) {
  const Bytes bytes = first_answer(path_that_injects({.form = Inject::Form::Bare}));
  const auto reset = std::get<wire::TcpSegment>(decoded(bytes).payload);
  EXPECT_TRUE(reset.flags.rst);
  EXPECT_FALSE(reset.flags.ack);
  EXPECT_EQ(reset.acknowledgment, 0U);
}

TEST(ForgingNetwork, ResetMayAcknowledgeTheSequenceItself) {
  const Bytes bytes = first_answer(path_that_injects({.form = Inject::Form::AcknowledgesSequence}));
  const auto reset = std::get<wire::TcpSegment>(decoded(bytes).payload);
  EXPECT_TRUE(reset.flags.rst && reset.flags.ack);
  EXPECT_EQ(reset.acknowledgment, kSequence);
}

TEST(ForgingNetwork, ResetsComeAsOftenAsTheyAreSentAMillisecondApart) {
  ProbingHost host(path_that_injects({.times = 3}));
  host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(4ms), std::vector<std::string>{"rst from target, back 2"});
  EXPECT_EQ(host.after(1ms), std::vector<std::string>{"rst from target, back 2"});
  EXPECT_EQ(host.after(1ms), std::vector<std::string>{"rst from target, back 2"});
  EXPECT_EQ(host.after(900ms), std::vector<std::string>{"syn-ack from target, back 5"});
}

TEST(ForgingNetwork, DelayedResetComesBehindTheRealAnswer) {
  EXPECT_EQ(answer_to_syn(path_that_injects({.delay = 20ms}), kSmtp, 30),
            "syn-ack from target, back 5; rst from target, back 2");
}

TEST(ForgingNetwork, ClientsAreResetByProperResetsOnly) {
  EXPECT_EQ(fate_of(path_that_injects({}), kSmtp).end, Fate::End::Reset);
  EXPECT_EQ(fate_of(path_that_injects({.form = Inject::Form::Bare}), kSmtp).end, Fate::End::Accepted);
  EXPECT_EQ(fate_of(path_that_injects({.form = Inject::Form::AcknowledgesSequence}), kSmtp).end, Fate::End::Accepted);
}

TEST(ForgingNetwork, ErrorsComeInAnyNameBesideTheRealAnswer) {
  const auto injecting = [](const InjectError& inject) -> NetworkPath {
    return routers(4).at(2).injects_errors(kSmtp, inject).server().open(kSmtp);
  };
  EXPECT_EQ(answer_to_syn(injecting({}), kSmtp, 30),
            "3/13 from target, back 2, quoted TTL 29; syn-ack from target, back 5");
  EXPECT_EQ(answer_to_syn(injecting({.reason = Unreachable::Host, .from = address_of(Family::Ipv4, 3, 7)}), kSmtp, 30),
            "3/1 from 198.18.0.7, back 2, quoted TTL 29; syn-ack from target, back 5");
  EXPECT_EQ(fate_of(injecting({}), kSmtp).end, Fate::End::Accepted);
}

TEST(ForgingNetwork, NothingRationsForgedErrors) {
  ProbingHost host(routers(4).at(2).injects_errors(kSmtp, {}).rate_limited(1, 0.001));
  for (int i = 0; i < 10; ++i) host.syn(kSmtp, 30);
  EXPECT_EQ(host.after(5ms), std::vector<std::string>(10, "3/13 from target, back 2, quoted TTL 29"));
}

TEST(ForgingNetwork, QuoteOfAForgedErrorMayFitNoProbe) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (const bool alters : {false, true}) {
      const Bytes bytes =
          first_answer(routers(4, family).at(2).injects_errors(kSmtp, {.from = {}, .alters_quote = alters}));
      const wire::Packet answer = decoded(bytes);
      EXPECT_FALSE(answer.has_bad_checksum);
      const auto& quoted = std::get<wire::QuotedTcp>(std::get<wire::IcmpError>(answer.payload).quote->transport);
      EXPECT_EQ(quoted.sequence == kSequence, !alters);
      EXPECT_EQ(quoted.destination_port == kSmtp, !alters);
      EXPECT_EQ(quoted.source_port == Port{41000}, !alters);
    }
  }
}

TEST(ForgingNetwork, DeviceInjectsBothKindsAndThenActs) {
  const NetworkPath path = routers(4).at(2).injects_resets(kSmtp).injects_errors(kSmtp, {}).drops(kSmtp);
  EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "rst from target, back 2; 3/13 from target, back 2, quoted TTL 29");
}

// What a SYN to an address that nobody has draws.
std::vector<std::string> answers_from_nowhere(const NetworkPath& path, Port port, int ttl) {
  ProbingHost host(path);
  host.syn_to(address_of(path.client.family(), 0, 250), port, ttl);
  return host.after(10s);
}

TEST(ForgingNetwork, PacketsForOtherAddressesExpireAtTheRoutersAndEndAtTheLast) {
  const NetworkPath path = routers(4).server().open(kSmtp);
  EXPECT_EQ(answers_from_nowhere(path, kSmtp, 1),
            std::vector<std::string>{"time-exceeded from hop 1, back 1, quoted TTL 1"});
  EXPECT_EQ(answers_from_nowhere(path, kSmtp, 4),
            std::vector<std::string>{"time-exceeded from hop 4, back 4, quoted TTL 1"});
  EXPECT_EQ(answers_from_nowhere(path, kSmtp, 5), std::vector<std::string>{});
  EXPECT_EQ(answers_from_nowhere(path, kSmtp, 30), std::vector<std::string>{});
}

TEST(ForgingNetwork, PacketsForOtherAddressesAreNoBusinessOfTheTarget) {
  ProbingHost host(routers(0).server().open(kSmtp));
  host.syn_to(address_of(Family::Ipv4, 0, 250), kSmtp, 30);
  EXPECT_EQ(host.after(10s), std::vector<std::string>{});
  EXPECT_TRUE(host.network().syn_arrivals().empty());
}

TEST(ForgingNetwork, ProxyForEveryAddressAnswersFromNowhere) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const NetworkPath path = routers(4, family).at(3).redirects_everywhere(kSmtp);
    const std::string nowhere = to_string(address_of(family, 0, 250));
    EXPECT_EQ(answers_from_nowhere(path, kSmtp, 2),
              std::vector<std::string>{"time-exceeded from hop 2, back 2, quoted TTL 1"});
    EXPECT_EQ(answers_from_nowhere(path, kSmtp, 3), std::vector<std::string>{"syn-ack from " + nowhere + ", back 3"});
    EXPECT_EQ(answers_from_nowhere(path, Port{587}, 30), std::vector<std::string>{});
    EXPECT_EQ(answer_to_syn(path, kSmtp, 30), "syn-ack from target, back 3");
  }
}

TEST(ForgingNetwork, OtherRulesAreForTheTargetAlone) {
  EXPECT_EQ(answers_from_nowhere(routers(4).at(3).redirects(kSmtp), kSmtp, 30), std::vector<std::string>{});
  EXPECT_EQ(answers_from_nowhere(routers(4).at(3).resets(kSmtp), kSmtp, 30), std::vector<std::string>{});
  EXPECT_EQ(answers_from_nowhere(routers(4).server().nobody(), kSmtp, 30), std::vector<std::string>{});
  EXPECT_EQ(answers_from_nowhere(routers(4).at(2).leads_elsewhere(kSmtp, 4), kSmtp, 30), std::vector<std::string>{});
}

}  // namespace
}  // namespace smtpath::test
