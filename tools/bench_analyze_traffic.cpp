#include "bench_analyze_traffic.h"

#include <chrono>
#include <string>
#include <utility>

#include "bench_analyze_stories.h"
#include "make_captures_cast.h"
#include "support/byte_writer.h"
#include "support/framing.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kDownloads = 64;

/// 192.0.2.x and 198.51.100.x: hosts of this side; 203.0.113.x: the others.
IpAddress host(std::string_view prefix, std::uint32_t number) {
  return address(std::string(prefix) + std::to_string(number));
}

}  // namespace

Traffic::Traffic(const TrafficSpec& spec)
    : spec_(spec), random_(spec.seed), next_begin_(kMorning), last_(kMorning), download_sequences_(kDownloads) {}

RecordedPacket Traffic::next() {
  const bool is_of_others = spec_.has_other_traffic && is_turn_of_others_;
  is_turn_of_others_ = !is_turn_of_others_;
  if (is_of_others) return {.at = last_, .bytes = in_ethernet({.at = last_, .bytes = other_packet()})};
  RecordedPacket packet = next_of_mail();
  last_ = packet.at;
  packet.bytes = in_ethernet(packet);
  return packet;
}

std::uint32_t Traffic::draw(std::uint32_t below) {
  return static_cast<std::uint32_t>(random_() % below);
}

RecordedPacket Traffic::next_of_mail() {
  while (tellings_.empty() || next_begin_ <= tellings_.top().at()) begin_one();
  Telling telling = tellings_.top();
  tellings_.pop();
  RecordedPacket packet = std::move(telling.packets[telling.next]);
  ++telling.next;
  if (telling.next < telling.packets.size()) tellings_.push(std::move(telling));
  return packet;
}

void Traffic::begin_one() {
  constexpr double kNanoseconds = 1e9;
  constexpr std::uint32_t kResolution = 1'000'000;
  const Story story = next_story();
  Recording recording;
  MailConnection mail(recording, spec_of(story));
  story.tell(mail);
  tellings_.push({.packets = recording.packets(), .number = begun_++});
  // Evenly drawn around the mean.
  const double gap = 2.0 * draw(kResolution) / kResolution * kNanoseconds / spec_.connections_a_second;
  next_begin_ += Duration{static_cast<std::int64_t>(gap)};
}

Story Traffic::next_story() {
  constexpr std::uint32_t kOneInSoManyIsUsual = 2;
  if (spec_.never_ends) return endless_story();
  const auto stories = draw(kOneInSoManyIsUsual) == 0 ? usual_stories() : rare_stories();
  return stories[draw(static_cast<std::uint32_t>(stories.size()))];
}

/// Ports and addresses come again after 12 million connections.
ConnectionSpec Traffic::spec_of(const Story& story) const {
  constexpr std::uint64_t kHosts = 250;
  constexpr std::uint64_t kPorts = 50'000;
  constexpr std::uint64_t kFirstPort = 10'100;
  constexpr Ttl kServerTtl{54};
  const auto client_host = static_cast<std::uint32_t>(begun_ % kHosts + 1);
  const auto client_port = static_cast<std::uint16_t>(begun_ / kHosts % kPorts + kFirstPort);
  const auto server_host = static_cast<std::uint32_t>(begun_ % 20 + 1);
  return {.client = {.address = host("192.0.2.", client_host), .port = Port{client_port}},
          .server = {.address = host("203.0.113.", server_host), .port = Port{story.port}, .ttl = kServerTtl},
          .begins = next_begin_};
}

/// As often a segment of a download as anything else; DNS, its answer, and a ping.
Bytes Traffic::other_packet() {
  constexpr std::uint16_t kDns = 53;
  constexpr std::uint16_t kAsking = 41'000;
  constexpr std::size_t kQuestion = 42;
  constexpr std::size_t kAnswer = 130;
  const IpAddress here = host("198.51.100.", draw(200) + 1);
  const IpAddress there = address("203.0.113.53");
  switch (draw(8)) {
    case 0:
      return udp_packet({here, there}, {kAsking, kDns}, Bytes(kQuestion));
    case 1:
      return udp_packet({there, here}, {kDns, kAsking}, Bytes(kAnswer));
    case 2:
      return echo_packet({.source = here, .destination = there, .ttl = Ttl{64}}, {}, Bytes(kQuestion));
    default:
      return download_packet();
  }
}

Bytes Traffic::download_packet() {
  static const Bytes kSegment(1'448, std::byte{0x17});
  const std::uint32_t number = draw(kDownloads);
  const bool is_data = draw(3) != 0;
  std::uint32_t& sequence = download_sequences_[number];
  if (is_data) sequence += static_cast<std::uint32_t>(kSegment.size());
  const IpAddress here = host("198.51.100.", number + 1);
  const IpAddress there = address("203.0.113.80");
  const Port port{static_cast<std::uint16_t>(50'000 + number)};
  const wire::TcpOptions options{.timestamps = wire::TcpTimestamps{sequence, sequence}};
  if (!is_data) {
    return tcp_packet({.source = here, .destination = there, .ttl = Ttl{64}}, {.source_port = port,
                                                                               .destination_port = Port{443},
                                                                               .acknowledgment = sequence,
                                                                               .flags = {.ack = true},
                                                                               .window = 502,
                                                                               .options = options});
  }
  return tcp_packet({.source = there, .destination = here, .ttl = Ttl{54}},
                    {.source_port = Port{443},
                     .destination_port = port,
                     .sequence = sequence - static_cast<std::uint32_t>(kSegment.size()),
                     .flags = {.ack = true},
                     .window = 502,
                     .options = options,
                     .payload = kSegment});
}

}  // namespace smtpath::test
