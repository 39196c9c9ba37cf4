#pragma once

// Forges packets that look like answers to a run's probes, as somebody can who sees its ports but not its sequence
// numbers, and repeats real answers that he saw. None of it may be believed.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/wire/packet.h"
#include "support/dice.h"
#include "support/packets.h"

namespace smtpath::test {

class Forger {
 public:
  /// What every forged ICMP error names as its sender begins with this: "198.51.100." or "2001:db8:bad:".
  static std::string mark(Family family);

  explicit Forger(std::uint64_t seed) : dice_(seed) {}

  /// A packet that crossed a router: a probe to imitate answers to, or an answer to repeat later. Others are passed by.
  void see(std::span<const std::byte> packet);

  bool has_seen_probe() const { return !probes_.empty(); }
  /// A packet for this host; only once a probe was seen.
  Bytes next();

 private:
  struct Probe {
    IpAddress client;
    IpAddress server;
    Port source_port;
    Port destination_port;
    std::uint32_t sequence = 0;
  };

  std::uint32_t other_than(std::uint32_t number);
  IpAddress some_router(Family family);
  Bytes segment(const Probe& probe);
  Bytes error(const Probe& probe);
  Bytes repetition();

  Dice dice_;
  std::vector<Probe> probes_;
  std::vector<Bytes> answers_;
};

}  // namespace smtpath::test
