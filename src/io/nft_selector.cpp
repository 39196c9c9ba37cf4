#include "io/nft_selector.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace smtpath::io {

namespace {

/// What looking at a field says of the packet.
enum class Implies : std::uint8_t { Nothing, Ipv4, Ipv6, OtherProtocol };

/// Fields as nft prints them, apart by spaces.
struct Header {
  std::string_view word;
  std::string_view fields;
  NftField field;
  Implies implies;
};

constexpr std::array kHeaders{
    Header{"tcp", "sport", NftField::SourcePort, Implies::Nothing},
    Header{"th", "sport", NftField::SourcePort, Implies::Nothing},
    Header{"tcp", "dport", NftField::DestinationPort, Implies::Nothing},
    Header{"th", "dport", NftField::DestinationPort, Implies::Nothing},
    Header{"meta", "l4proto", NftField::Protocol, Implies::Nothing},
    Header{"ip", "protocol", NftField::Protocol, Implies::Ipv4},
    Header{"ip6", "nexthdr", NftField::Protocol, Implies::Ipv6},
    Header{"meta", "nfproto", NftField::Family, Implies::Nothing},
    Header{"meta", "protocol", NftField::EtherType, Implies::Nothing},
    Header{"ether", "type", NftField::EtherType, Implies::Nothing},
    Header{"meta", "iif iifname", NftField::Input, Implies::Nothing},
    Header{"meta", "oif oifname", NftField::Output, Implies::Nothing},
    Header{"meta", "mark priority skuid skgid cgroup length pkttype", NftField::Other, Implies::Nothing},
    Header{"ether", "saddr daddr", NftField::Other, Implies::Nothing},
    Header{"tcp", "flags sequence ackseq doff reserved window checksum urgptr", NftField::Other, Implies::Nothing},
    Header{"ip", "version hdrlength dscp ecn length id frag-off ttl checksum saddr daddr option", NftField::Other,
           Implies::Ipv4},
    Header{"ip6", "version dscp ecn flowlabel length hoplimit saddr daddr", NftField::Other, Implies::Ipv6},
    Header{"udp", "sport dport length checksum", NftField::Other, Implies::OtherProtocol},
    Header{"udplite", "sport dport csumcov checksum", NftField::Other, Implies::OtherProtocol},
    Header{"sctp", "sport dport vtag checksum chunk", NftField::Other, Implies::OtherProtocol},
    Header{"dccp", "sport dport type option", NftField::Other, Implies::OtherProtocol},
    Header{"icmp", "type code checksum id sequence mtu gateway", NftField::Other, Implies::OtherProtocol},
    Header{"icmpv6", "type code checksum id sequence mtu max-delay packet-too-big parameter-problem taddr daddr",
           NftField::Other, Implies::OtherProtocol},
    Header{"igmp", "type mrt checksum group", NftField::Other, Implies::OtherProtocol},
    Header{"esp", "spi sequence", NftField::Other, Implies::OtherProtocol},
    Header{"ah", "nexthdr reserved spi sequence hdrlength", NftField::Other, Implies::OtherProtocol},
    Header{"comp", "nexthdr flags cpi", NftField::Other, Implies::OtherProtocol},
    Header{"gre", "flags version protocol", NftField::Other, Implies::OtherProtocol},
    Header{"arp", "htype ptype hlen plen operation saddr daddr", NftField::Other, Implies::OtherProtocol},
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

Reach reach_of(Implies implies) {
  switch (implies) {
    case Implies::Nothing:
      return {};
    case Implies::Ipv4:
      return Reach::of_family(Family::Ipv4);
    case Implies::Ipv6:
      return Reach::of_family(Family::Ipv6);
    case Implies::OtherProtocol:
      return Reach::of_other_protocols();
  }
  return {};
}

std::optional<NftSelector> take_selector(NftTokens& tokens) {
  if (tokens.size() < 2 || tokens[0].kind != NftToken::Kind::Word) return std::nullopt;
  for (const auto& [words, field] : {std::pair{"iif iifname", NftField::Input}, {"oif oifname", NftField::Output}}) {
    if (!has_word(words, tokens[0].content)) continue;
    tokens = tokens.subspan(1);
    return NftSelector{.field = field};
  }
  if (tokens[1].kind != NftToken::Kind::Word) return std::nullopt;
  for (const Header& header : kHeaders) {
    if (!tokens[0].is_word(header.word) || !has_word(header.fields, tokens[1].content)) continue;
    tokens = tokens.subspan(2);
    return NftSelector{.field = header.field, .implied = reach_of(header.implies)};
  }
  return std::nullopt;
}

}  // namespace

std::vector<NftSelector> take_selectors(NftTokens& tokens) {
  std::vector<NftSelector> selectors;
  auto selector = take_selector(tokens);
  while (selector) {
    selectors.push_back(*selector);
    if (tokens.empty() || !tokens[0].is_word(".")) break;
    tokens = tokens.subspan(1);
    selector = take_selector(tokens);
    // Joined to what this does not know: no key will have as many parts.
    if (!selector) selectors.push_back({});
  }
  return selectors;
}

}  // namespace smtpath::io
