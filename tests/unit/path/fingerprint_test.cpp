// In what SYN-ACKs of one host differ, and what may differ in them.

#include "smtpath/path/fingerprint.h"

#include <gtest/gtest.h>

namespace smtpath::path {
namespace {

Reply syn_ack(std::uint8_t ttl) {
  Reply reply;
  reply.kind = ReplyKind::SynAck;
  reply.ttl = Ttl{ttl};
  reply.at = Time{std::chrono::seconds(100)};
  reply.tcp = TcpDetail{};
  reply.tcp->window = 65160;
  reply.tcp->options = {.mss = 1460,
                        .window_scale = 7,
                        .sack_permitted = true,
                        .timestamps = wire::TcpTimestamps{.value = 5000, .echo = 1}};
  return reply;
}

std::vector<Trait> traits(const Reply& reply, const Reply& other) {
  std::vector<Trait> found;
  for (const TraitDifference& difference : differences(reply, other)) found.push_back(difference.trait);
  return found;
}

TEST(Fingerprint, IsTheSameForPortsOfOneHost) {
  Reply later = syn_ack(59);
  later.at += std::chrono::seconds(2);
  later.tcp->options.timestamps->value += 2000;
  later.tcp->window = 64240;
  EXPECT_TRUE(differences(later, syn_ack(59)).empty());
  EXPECT_TRUE(differences(syn_ack(59), later).empty());
}

TEST(Fingerprint, DiffersInWhatTheHostSets) {
  Reply other = syn_ack(58);
  EXPECT_EQ(traits(other, syn_ack(59)), std::vector{Trait::Hops});
  EXPECT_EQ(differences(other, syn_ack(59))[0].text, "hops travelled (7, not 6)");
  EXPECT_EQ(traits(syn_ack(250), syn_ack(59)), std::vector{Trait::InitialTtl});
  other = syn_ack(59);
  other.tcp->options.mss = 1400;
  EXPECT_EQ(traits(other, syn_ack(59)), std::vector{Trait::MaximumSegmentSize});
  other = syn_ack(59);
  other.tcp->options.sack_permitted = false;
  other.tcp->options.window_scale.reset();
  other.tcp->options.timestamps.reset();
  EXPECT_EQ(traits(other, syn_ack(59)), (std::vector{Trait::Sack, Trait::WindowScale, Trait::Timestamps}));
  other = syn_ack(59);
  other.tcp->window = 0;
  EXPECT_EQ(traits(other, syn_ack(59)), std::vector{Trait::ZeroWindow});
}

TEST(Fingerprint, CountsAClockOnlyBesideSomethingElse) {
  Reply other = syn_ack(59);
  other.tcp->options.timestamps->value = 900'000;
  EXPECT_TRUE(differences(other, syn_ack(59)).empty());
  other.ttl = Ttl{58};
  EXPECT_EQ(traits(other, syn_ack(59)), (std::vector{Trait::Hops, Trait::Clock}));
}

}  // namespace
}  // namespace smtpath::path
