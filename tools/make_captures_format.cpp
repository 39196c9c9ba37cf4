// One story in many file formats, link layers and tunnels.

#include <chrono>
#include <functional>

#include "make_captures_cast.h"
#include "support/byte_writer.h"
#include "support/capture_format.h"
#include "support/framing.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

Recording story(const ConnectionSpec& spec) {
  Recording recording;
  greeted(recording, spec)
      .client("MAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA")
      .server("250 2.1.0 Ok\n250 2.1.5 Ok\n354 End data with <CR><LF>.<CR><LF>")
      .client(std::string(kMessage) + "\nQUIT")
      .server("250 2.0.0 Ok: queued\n221 2.0.0 Bye")
      .closes(Side::Server);
  return recording;
}

using Framing = std::function<Bytes(const RecordedPacket&)>;

Bytes pcap_of(const Recording& recording, const PcapVariant& variant, const Framing& framing) {
  ByteWriter file;
  file.put(pcap_header(variant));
  for (const RecordedPacket& packet : recording.packets()) {
    file.put(pcap_record(variant, packet.at, framing(packet)));
  }
  return file.take();
}

Bytes plainly(const RecordedPacket& packet) {
  return in_ethernet(packet);
}

RecordedPacket tunnelled(const RecordedPacket& packet) {
  const IpAddress here = address("198.51.100.10");
  const IpAddress there = address("198.51.100.20");
  return {.at = packet.at,
          .bytes = in_ipv4(packet.bytes, packet.is_outgoing ? Ends{here, there} : Ends{there, here}),
          .is_outgoing = packet.is_outgoing};
}

Sample framed(const std::string& name, const Framing& framing) {
  return {name + ".pcap", pcap_of(story(connection_to(25)), {}, framing)};
}

Sample vlan() {
  return framed("vlan", [](const auto& packet) { return in_ethernet(packet, std::array{VlanTag{.id = 7}}); });
}

Sample qinq() {
  constexpr std::uint16_t kServiceTag = 0x88a8;
  return framed("qinq", [](const auto& packet) {
    return in_ethernet(packet, std::array{VlanTag{kServiceTag, 100}, VlanTag{.id = 7}});
  });
}

Sample six_in_four() {
  return {"6in4.pcap", pcap_of(story(ipv6_connection_to(25)), {},
                               [](const auto& packet) { return in_ethernet(tunnelled(packet)); })};
}

/// A path whose packets are cut to pieces of 96 bytes; of the EHLO reply the last piece comes first.
Sample fragments() {
  constexpr std::size_t kMtu = 96;
  const PcapVariant variant;
  ByteWriter file;
  file.put(pcap_header(variant));
  for (const RecordedPacket& packet : story(connection_to(25)).packets()) {
    std::vector<Bytes> pieces{packet.bytes};
    if (packet.bytes.size() > kMtu) pieces = fragments_of(packet.bytes, kMtu);
    if (!packet.is_outgoing) std::reverse(pieces.begin(), pieces.end());
    for (const Bytes& piece : pieces) {
      file.put(pcap_record(variant, packet.at, in_ethernet({packet.at, piece, packet.is_outgoing})));
    }
  }
  return {"fragments.pcap", file.take()};
}

Sample nanoseconds_big_endian() {
  return {"nanoseconds-big-endian.pcap",
          pcap_of(story(connection_to(25)), {.order = std::endian::big, .has_nanoseconds = true}, plainly)};
}

Sample cooked_v2() {
  constexpr std::uint32_t kInterface = 2;
  return {"cooked-v2.pcap", pcap_of(story(connection_to(25)), {.link = LinkType::LinuxSll2},
                                    [](const auto& packet) { return in_cooked_v2(packet, kInterface); })};
}

/// Headers and the first line or so of what is said: of the answer to EHLO and of the message the ends are missing.
Sample snapped() {
  constexpr std::uint32_t kSnapLength = 128;
  return {"snapped.pcap", pcap_of(delivery(connection_to(25)), {.snap_length = kSnapLength}, plainly)};
}

/// In the middle of the message.
Sample cut_short() {
  constexpr std::size_t kCutAt = 1'750;
  Sample sample = pcap_sample("cut-short", delivery(connection_to(25)));
  sample.bytes.resize(kCutAt);
  return sample;
}

/// Little-endian Ethernet in microseconds, then big-endian raw IP and cooked frames in nanoseconds and milliseconds.
Sample several_sections() {
  constexpr std::uint8_t kNanoseconds = 9;
  constexpr std::uint8_t kMilliseconds = 3;
  constexpr std::uint16_t kNextPort = kFirstClientPort + 1;
  constexpr auto kLittle = std::endian::little;
  constexpr auto kBig = std::endian::big;
  ByteWriter file;
  file.put(pcapng_section(kLittle, "The first of two")).put(pcapng_interface(kLittle, {.name = "eth0"}));
  for (const RecordedPacket& packet : story(connection_to(25)).packets()) {
    file.put(pcapng_packet(kLittle, {}, packet.at, in_ethernet(packet)));
  }
  file.put(pcapng_section(kBig, "The second"));
  file.put(pcapng_interface(kBig, {.link = LinkType::Raw, .name = "tun0", .decimals = kNanoseconds}));
  file.put(pcapng_interface(kBig, {.link = LinkType::LinuxSll2, .name = "any", .decimals = kMilliseconds}));
  for (const RecordedPacket& packet : story(connection_to(587, kNextPort, kMorning + 10s)).packets()) {
    // What comes in is captured on the one, what goes out on the other.
    file.put(packet.is_outgoing ? pcapng_packet(kBig, {0, kNanoseconds}, packet.at, packet.bytes)
                                : pcapng_packet(kBig, {1, kMilliseconds}, packet.at, in_cooked_v2(packet, 2)));
  }
  return {"several-sections.pcapng", file.take()};
}

/// Each frame on a VLAN's device and on the device below it.
Sample two_interfaces() {
  constexpr auto kOrder = std::endian::little;
  ByteWriter file;
  file.put(pcapng_section(kOrder, {}));
  file.put(pcapng_interface(kOrder, {.name = "eth0"})).put(pcapng_interface(kOrder, {.name = "eth0.7"}));
  const std::array tag{VlanTag{.id = 7}};
  for (const RecordedPacket& packet : story(connection_to(25)).packets()) {
    // Going out the upper device sees it first, coming in the lower one.
    const Bytes upper = pcapng_packet(kOrder, {.index = 1}, packet.at, in_ethernet(packet));
    const Bytes lower = pcapng_packet(kOrder, {}, packet.at, in_ethernet(packet, tag));
    file.put(packet.is_outgoing ? upper : lower).put(packet.is_outgoing ? lower : upper);
  }
  return {"two-interfaces.pcapng", file.take()};
}

}  // namespace

Samples format_samples() {
  return {vlan(),
          qinq(),
          framed("pppoe", in_pppoe),
          framed("ip-in-ip", [](const auto& packet) { return in_ethernet(tunnelled(packet)); }),
          six_in_four(),
          fragments(),
          nanoseconds_big_endian(),
          cooked_v2(),
          snapped(),
          cut_short(),
          several_sections(),
          two_interfaces()};
}

}  // namespace smtpath::test
