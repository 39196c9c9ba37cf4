// Fragments at random, in any order, repeated and overlapping, against a model that keeps every byte by itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "smtpath/wire/decoder.h"
#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"
#include "unit/wire/tunnels.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::FragmentPlace;

// One datagram as a receiver would have it that remembers where each byte came from.
class Model {
 public:
  // The whole payload, the moment that it becomes whole.
  std::optional<Bytes> add(const FragmentPlace& place, const Bytes& bytes) {
    if (is_done_) return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto [known, is_new] = bytes_.try_emplace(place.offset + i, bytes[i]);
      if (!is_new && known->second != bytes[i]) is_done_ = true;
    }
    const std::size_t end = place.offset + bytes.size();
    if (!place.has_more && length_.value_or(end) != end) is_done_ = true;
    if (!place.has_more) length_ = end;
    if (length_ && !bytes_.empty() && bytes_.rbegin()->first >= *length_) is_done_ = true;
    if (is_done_ || !length_ || bytes_.size() != *length_) return std::nullopt;
    is_done_ = true;
    Bytes whole;
    for (const auto& entry : bytes_) whole.push_back(entry.second);
    return whole;
  }

 private:
  std::map<std::size_t, std::byte> bytes_;
  std::optional<std::size_t> length_;
  bool is_done_ = false;
};

struct Piece {
  std::size_t datagram = 0;
  FragmentPlace place;
  Bytes packet;
  Bytes body;
};

// Pieces that together cover the datagram, some of them twice, some overlapping; now and then one that lies.
std::vector<Piece> random_pieces(test::RandomPackets& random, const Bytes& packet, std::size_t datagram) {
  const std::size_t header = (packet.front() >> 4) == std::byte{4} ? 20 : 40;
  const auto length = static_cast<std::uint32_t>(packet.size() - header);
  std::vector<Piece> pieces;
  const auto add = [&](std::uint32_t begin, std::uint32_t end, bool has_more) {
    const FragmentPlace place{
        .identification = static_cast<std::uint32_t>(datagram), .offset = begin, .has_more = has_more};
    Bytes body(packet.begin() + static_cast<std::ptrdiff_t>(header + begin),
               packet.begin() + static_cast<std::ptrdiff_t>(header + end));
    Bytes frame = test::fragment(packet, place, end - begin);
    if (random.number(60) == 0 && !body.empty()) {
      body.back() ^= std::byte{1};
      frame.back() ^= std::byte{1};
    }
    pieces.push_back({datagram, place, std::move(frame), std::move(body)});
  };
  for (std::uint32_t begin = 0; begin < length;) {
    const std::uint32_t end = std::min(length, begin + 8 * (1 + random.number(7)));
    add(begin, end, end < length);
    if (random.number(4) == 0) add(begin, end, end < length);
    if (random.number(4) == 0) {
      const std::uint32_t earlier = begin - std::min(begin, 8 * random.number(3));
      const std::uint32_t later = std::min(length, end + 8 * random.number(3));
      add(earlier, later, later < length);
    }
    begin = end;
  }
  if (random.number(10) == 0) add(8 * random.number(2), length - length % 8, false);
  return pieces;
}

TEST(Reassembly, AgreesWithAModelWhateverTheOrder) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  std::size_t completed = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Piece> pieces;
    std::vector<Model> models;
    for (std::size_t datagram = 0; datagram < 8; ++datagram) {
      TcpSegment segment = random.segment();
      Bytes payload(random.number(200));
      for (std::byte& byte : payload) byte = static_cast<std::byte>(random.number(255));
      segment.payload = payload;
      const Bytes packet = test::tcp_packet(test::ip_header(random.family()), segment);
      for (Piece& piece : random_pieces(random, packet, datagram)) pieces.push_back(std::move(piece));
      models.emplace_back();
    }
    for (std::size_t i = pieces.size(); i > 1; --i) {
      std::swap(pieces[i - 1], pieces[random.number(static_cast<std::uint32_t>(i - 1))]);
    }

    Decoder decoder;
    std::set<std::size_t> fragmented;
    for (const Piece& piece : pieces) {
      const bool is_fragment = piece.place.has_more || piece.place.offset != 0;
      if (!is_fragment) continue;
      fragmented.insert(piece.datagram);
      const auto expected = models[piece.datagram].add(piece.place, piece.body);
      const Decoded decoded = decoder.decode(test::raw_frame(piece.packet));
      const auto* const packet = std::get_if<Packet>(&decoded);
      const auto* const segment = packet == nullptr ? nullptr : std::get_if<TcpSegment>(&packet->payload);
      ASSERT_EQ(segment != nullptr, expected.has_value()) << "round " << round << ", datagram " << piece.datagram;
      if (segment == nullptr) continue;
      ++completed;
      ASSERT_TRUE(std::equal(segment->payload.begin(), segment->payload.end(),
                             expected->end() - static_cast<std::ptrdiff_t>(segment->payload.size()), expected->end()));
      ASSERT_EQ(expected->size() + (packet->ip.source.is_ipv4() ? 20U : 48U), packet->ip.total_length);
    }
    const FragmentCounters& counters = decoder.fragments();
    ASSERT_EQ(counters.reassembled + counters.given_up + counters.waiting, fragmented.size()) << "round " << round;
  }
  EXPECT_GT(completed, 500U);
}

}  // namespace
}  // namespace smtpath::wire
