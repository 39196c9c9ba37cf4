#include "unit/wire/samples.h"

#include "unit/wire/frames.h"
#include "unit/wire/tunnels.h"

namespace smtpath::test {

namespace {

wire::IpHeader from_router(Family family) {
  wire::IpHeader ip = ip_header(family);
  ip.source = address(family == Family::Ipv4 ? "198.51.100.1" : "2001:db8:1::1");
  return ip;
}

void add_family(std::vector<Sample>& list, Family family) {
  const bool v4 = family == Family::Ipv4;
  const std::string suffix(to_string(family));
  const wire::MplsLabel labels[] = {{.label = 24001, .traffic_class = 1, .ttl = 1},
                                    {.label = 16, .bottom_of_stack = true, .ttl = 254}};
  const Bytes original = syn(family);
  const Bytes text = hex("323230206d782e6578616d706c65");
  const auto add = [&](std::string_view name, Bytes bytes) {
    list.push_back({std::string(name) + " " + suffix, LinkType::Raw, std::move(bytes)});
  };
  add("syn", original);
  add("data", tcp_packet(ip_header(family), {.source_port = Port{25},
                                             .destination_port = Port{40112},
                                             .flags = {.psh = true, .ack = true},
                                             .options = {.timestamps = wire::TcpTimestamps{1, 2}},
                                             .payload = text}));
  add("time exceeded",
      icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{11} : std::uint8_t{3}, .original = original}));
  add("time exceeded, short quote",
      icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{11} : std::uint8_t{3},
                                              .original = original,
                                              .quoted_bytes = v4 ? std::size_t{28} : std::size_t{48}}));
  add("unreachable with labels",
      icmp_error_packet(
          from_router(family),
          {.type = v4 ? std::uint8_t{3} : std::uint8_t{1}, .code = 1, .original = original, .mpls = labels}));
  add("too big", icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{3} : std::uint8_t{2},
                                                         .code = v4 ? std::uint8_t{4} : std::uint8_t{0},
                                                         .rest = 1400,
                                                         .original = original}));
  add("echo reply", echo_packet(ip_header(family), {.is_reply = true, .identifier = 1, .sequence = 2}, text));
  add("quoted echo", icmp_error_packet(from_router(family),
                                       {.type = v4 ? std::uint8_t{11} : std::uint8_t{3},
                                        .original = echo_packet(ip_header(family), {.identifier = 1, .sequence = 2})}));
}

// One of each way to wrap a packet.
void add_encapsulated(std::vector<Sample>& list) {
  const Bytes v4 = syn(Family::Ipv4);
  const Bytes v6 = syn(Family::Ipv6);
  const Bytes addresses = hex("525400000001 525400000002");
  const Bytes wlan = hex("8801 0000 525400000001 525400000002 525400000003 0010 0000 aaaa03 000000 0800");
  const auto add = [&](std::string_view name, LinkType link, std::string_view header, const Bytes& packet) {
    list.push_back({std::string(name), link, joined({hex(header), packet})});
  };
  const auto add_in_ethernet = [&](std::string_view name, std::string_view header, const Bytes& packet) {
    list.push_back({std::string(name), LinkType::Ethernet, joined({addresses, hex(header), packet})});
  };
  add_in_ethernet("pppoe", "8864 1100 0001 003e 0021", v4);
  add_in_ethernet("mpls", "8847 00010040 00020140", v6);
  add_in_ethernet("llc", "0044 aaaa03 000000 0800", v4);
  add_in_ethernet("backbone", "88e7 00000001 525400000003 525400000004 0800", v4);
  add_in_ethernet("switch tags", "893f 000000010000 8926 00000001 0800", v4);
  add("ppp", LinkType::Ppp, "ff03 0057", v6);
  add("cisco hdlc", LinkType::PppHdlc, "0f00 0800", v4);
  add("token ring", LinkType::TokenRing, "1040 525400000001 d25400000002 0670 0012 0020 aaaa03 000000 0800", v4);
  add("frame relay", LinkType::FrameRelay, "1841 0300 80 000000 0800", v4);
  add("slip", LinkType::Slip, "00 40 0000000000000000000000000000", v4);
  add("nflog", LinkType::Nflog, "02000000 0800 0100 08000000 0500 0a00 00 000000 4000 0900", v4);
  add("radiotap", LinkType::WlanRadiotap, "0000 0c00 04800000 02001200", joined({wlan, v4}));
  add("avs", LinkType::WlanAvs, "80211001 0000000c 00000000", joined({wlan, v4}));
  add("ppi", LinkType::Ppi, "00000c00 69000000 00000000", joined({wlan, v4}));
  add("pktap", LinkType::Pktap, "10000000 01000000 01000000 00000000", in_ethernet(v4));
  add("pflog", LinkType::Pflog, "0402 0000", v4);

  const auto add_tunnel = [&](std::string_view name, std::uint8_t protocol, std::string_view header,
                              const Bytes& inner) {
    list.push_back({std::string(name), LinkType::Raw, in_ip(Family::Ipv4, protocol, joined({hex(header), inner}))});
  };
  add_tunnel("ip in ip", 4, "", v4);
  add_tunnel("6in4", 41, "", v6);
  add_tunnel("authenticated", 51, "0404 0000 00000001 00000001 000000000000000000000000", v4);
  add_tunnel("gre", 47, "b000 0800 12340000 00000007 00000001", v4);
  add_tunnel("pptp", 47, "3081 880b 00400001 00000001 00000000 21", v4);
  add_tunnel("erspan", 47, "1000 88be 00000001 0000000000000000", in_ethernet(v4));
  add_tunnel("redirected", 47, "0000 883e 00000000", v4);
  add_tunnel("etherip", 97, "3000", in_ethernet(v6));
  add_tunnel("vxlan", 17, "c000 12b5 00000000 08000000 00000100", in_ethernet(v4));
  add_tunnel("geneve", 17, "c000 17c1 00000000 02000800 00000100 0102030405060708", v4);
  add_tunnel("gtp", 17, "0868 0868 00000000 34ff0030 00000001 00000085 01000000", v4);
}

}  // namespace

std::vector<Sample> samples() {
  const Bytes v4 = syn(Family::Ipv4);
  const Bytes v6 = syn(Family::Ipv6);
  std::vector<Sample> list;
  add_family(list, Family::Ipv4);
  add_family(list, Family::Ipv6);
  list.push_back({"ipv4 options", LinkType::Raw, syn_with_ipv4_options()});
  list.push_back({"ipv6 extensions", LinkType::Raw, syn_with_ipv6_extensions()});
  list.push_back({"ethernet", LinkType::Ethernet, in_ethernet(v4)});
  list.push_back({"stacked tags", LinkType::Ethernet, in_ethernet(v6, {0x88a8, 0x8100})});
  list.push_back({"cooked v1", LinkType::LinuxSll, in_cooked_v1(v4, 4)});
  list.push_back({"cooked v2", LinkType::LinuxSll2, in_cooked_v2(v6, 4, 3)});
  add_encapsulated(list);
  list.push_back({"null", LinkType::Null, joined({hex("1e000000"), v6})});
  list.push_back({"loop", LinkType::Loop, joined({hex("00000002"), v4})});
  return list;
}

}  // namespace smtpath::test
