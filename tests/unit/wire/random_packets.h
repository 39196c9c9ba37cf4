#pragma once

// Packets drawn at random for comparison with other programs: every field may have any value that both can show. One
// seed gives the same packets again.

#include <cstdint>
#include <random>

#include "smtpath/wire/packet.h"
#include "support/packets.h"

namespace smtpath::test {

/// What a test draws its randomness from; SMTPATH_TEST_SEED in the environment chooses another run than the usual.
unsigned test_seed();

class RandomPackets {
 public:
  explicit RandomPackets(unsigned seed) : engine_(seed) {}

  std::uint32_t number(std::uint32_t most);
  bool chance() { return number(1) == 1; }
  Family family() { return chance() ? Family::Ipv4 : Family::Ipv6; }
  IpAddress address(Family family);
  wire::IpHeader ip(Family family);
  /// Without payload.
  wire::TcpSegment segment();
  wire::MplsLabel label();
  /// A TCP segment, a quoting ICMP error with or without labels, or an echo.
  Bytes packet();

 private:
  Bytes icmp_error(Family family);

  std::mt19937 engine_;
};

}  // namespace smtpath::test
