#pragma once

// What enters the core: one frame as an interface saw it, or one packet of ours that none saw, because the kernel of
// this host refused or swallowed it. All take the same way in, so that a replay of an evidence file is the same run
// again.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "smtpath/base/time.h"

namespace smtpath {

/// How a frame begins; the numbers are those of the LINKTYPE registry of tcpdump.org, and any number may occur.
enum class LinkType : std::uint16_t {
  Null = 0,
  Ethernet = 1,
  TokenRing = 6,
  Slip = 8,
  Ppp = 9,
  Fddi = 10,
  /// Raw, by the number that other systems write for it.
  RawOfBsd = 12,
  RawOfOpenBsd = 14,
  PppHdlc = 50,
  /// PPPoE without the Ethernet header.
  PppEther = 51,
  AtmRfc1483 = 100,
  Raw = 101,
  CiscoHdlc = 104,
  /// IEEE 802.11.
  Wlan = 105,
  FrameRelay = 107,
  Loop = 108,
  /// OpenBSD's enc(4): what IPsec carries, in the clear.
  BsdEncapsulation = 109,
  LinuxSll = 113,
  Pflog = 117,
  WlanPrism = 119,
  WlanRadiotap = 127,
  AppleIpOverFirewire = 138,
  WlanAvs = 163,
  /// A header in front of a frame of any link type, as PKTAP is.
  Ppi = 192,
  PppWithDirection = 204,
  Ipv4 = 228,
  Ipv6 = 229,
  Nflog = 239,
  IpOverInfiniband = 242,
  Pktap = 258,
  LinuxSll2 = 276,
  /// Ethernet with a switch's tag behind the addresses (Linux DSA).
  BroadcomTag = 281,
  MarvellTag = 284,
  MarvellEtherTypeTag = 285,
};

/// As libpcap names it ("EN10MB", "LINUX_SLL2"); the number of one that is seldom seen.
std::string to_string(LinkType link);

/// A frame lends its bytes: they live until the call that it is passed to returns.
struct Frame {
  Time time;
  LinkType link = LinkType::Ethernet;
  std::span<const std::byte> bytes;
  /// On the wire, in bytes; at least bytes.size(). Larger when the capture cut the frame short.
  std::uint32_t original_length = 0;
  /// The errno of a refused send; then `bytes` is the IP packet that never left, with link type Raw.
  std::optional<int> refused;
  /// A packet of ours that the kernel took, and that no interface saw leave in the time that leaving takes; then too
  /// `bytes` is the IP packet, with link type Raw.
  bool is_unseen = false;
};

/// What a capture says of itself at its end.
struct CaptureStatistics {
  std::uint64_t received = 0;
  /// Packets that passed the filter and were lost before we read them (kernel buffer, interface).
  std::uint64_t dropped = 0;
};

}  // namespace smtpath
