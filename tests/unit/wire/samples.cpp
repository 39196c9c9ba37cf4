#include "unit/wire/samples.h"

#include "unit/wire/frames.h"

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
  list.push_back({"null", LinkType::Null, joined({hex("1e000000"), v6})});
  list.push_back({"loop", LinkType::Loop, joined({hex("00000002"), v4})});
  return list;
}

}  // namespace smtpath::test
