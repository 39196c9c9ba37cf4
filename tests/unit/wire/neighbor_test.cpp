// Who has which address on the link, as ARP and IPv6 neighbour discovery ask and tell. Bytes as tcpdump showed them.

#include <gtest/gtest.h>

#include <variant>

#include "unit/wire/frames.h"

namespace smtpath::test {
namespace {

using wire::Neighbor;

constexpr const char* kRequest = "0001 0800 06 04 0001 525400000001 0a090102 000000000000 0a090101";
constexpr const char* kReply = "0001 0800 06 04 0002 525400000002 0a090101 525400000001 0a090102";

Bytes arp_frame(const char* packet) {
  return joined({hex("ffffffffffff 525400000001 0806"), hex(packet)});
}

Neighbor neighbor_in(const wire::Packet& packet) {
  const auto* neighbor = std::get_if<Neighbor>(&packet.payload);
  EXPECT_NE(neighbor, nullptr);
  return neighbor == nullptr ? Neighbor{} : *neighbor;
}

TEST(Neighbor, AnArpRequestAsksForItsTarget) {
  const wire::Packet packet = decoded(arp_frame(kRequest), LinkType::Ethernet);
  EXPECT_FALSE(neighbor_in(packet).is_reply);
  EXPECT_EQ(neighbor_in(packet).target, address("10.9.1.1"));
  EXPECT_EQ(packet.ip.source, address("10.9.1.2"));
}

TEST(Neighbor, AnArpReplyTellsOfItsSender) {
  const wire::Packet packet = decoded(arp_frame(kReply), LinkType::Ethernet);
  EXPECT_TRUE(neighbor_in(packet).is_reply);
  EXPECT_EQ(neighbor_in(packet).target, address("10.9.1.1"));
}

TEST(Neighbor, ArpInCookedFramesKeepsDirectionAndInterface) {
  const Bytes frame = joined({hex("0806 0000 00000007 0001 04 06 5254000000010000"), hex(kRequest)});
  const wire::Packet packet = decoded(frame, LinkType::LinuxSll2);
  EXPECT_TRUE(packet.is_outgoing);
  EXPECT_FALSE(packet.is_on_loopback);
  EXPECT_EQ(packet.interface_index, 7U);
  EXPECT_EQ(neighbor_in(packet).target, address("10.9.1.1"));
}

TEST(Neighbor, ArpThatIsCutShortOrOfAnotherKindIsNone) {
  const Bytes whole = arp_frame(kRequest);
  for (std::size_t length = 14; length < whole.size(); ++length) {
    EXPECT_EQ(
        undecodable(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)), LinkType::Ethernet),
        wire::Undecodable::TruncatedLink);
  }
  EXPECT_EQ(
      undecodable(arp_frame("0001 0800 06 04 0003 525400000001 0a090102 000000000000 0a090101"), LinkType::Ethernet),
      wire::Undecodable::NotIp);
  EXPECT_EQ(
      undecodable(arp_frame("0001 86dd 06 04 0001 525400000001 0a090102 000000000000 0a090101"), LinkType::Ethernet),
      wire::Undecodable::NotIp);
}

TEST(Neighbor, SolicitationsAndAdvertisementsNameTheirTarget) {
  const char* header = "60000000 0018 3a ff fd090000000000010000000000000002 fd090000000000010000000000000001";
  const char* body = "fd090000000000010000000000000001";
  const wire::Packet asked = decoded(joined({hex(header), hex("87000000 00000000"), hex(body)}));
  EXPECT_FALSE(neighbor_in(asked).is_reply);
  EXPECT_EQ(neighbor_in(asked).target, address("fd09:0:0:1::1"));
  const wire::Packet told = decoded(joined({hex(header), hex("88000000 60000000"), hex(body)}));
  EXPECT_TRUE(neighbor_in(told).is_reply);
}

TEST(Neighbor, CookedFramesTellTheLoopbackInterface) {
  const Bytes frame = joined({hex("0806 0000 00000001 0304 00 06 0000000000000000"), hex(kRequest)});
  EXPECT_TRUE(decoded(frame, LinkType::LinuxSll2).is_on_loopback);
}

}  // namespace
}  // namespace smtpath::test
