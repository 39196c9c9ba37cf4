#pragma once

// This host, asking a simulated network by hand: one SYN or echo request at a time, with an IP ID, a timestamp and a
// source port of the test's choosing. What comes back is told in words, so that a test reads like a packet trace.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/wire/probe_packet.h"
#include "support/network.h"
#include "support/simulation.h"

namespace smtpath::test {

class ProbingHost {
 public:
  explicit ProbingHost(const NetworkPath& path, std::uint64_t seed = 1) : network_(path, seed) {}

  /// A SYN from a source port that no other probe of this host has.
  void syn(Port port, int ttl);
  void syn(Port port, int ttl, Port source_port, std::uint32_t timestamp);
  /// One for another address than the path's target.
  void syn_to(const IpAddress& address, Port port, int ttl);
  void echo(int ttl);

  /// Lets `duration` pass and tells what arrived, in order: "time-exceeded from hop 3, back 3, quoted TTL 1".
  std::vector<std::string> after(Duration duration);
  /// Whether the kernel answers SYN-ACKs with RSTs, as it does unless told otherwise.
  void keeps_quiet() { has_kernel_ = false; }

  Network& network() { return network_; }
  /// Since the first probe.
  Duration last_arrival() const { return last_arrival_ - kStart; }
  const std::vector<Bytes>& packets() const { return packets_; }

 private:
  void receive(const Delivery& delivery);
  std::string describe(const wire::Packet& packet) const;
  std::string name_of(const IpAddress& address) const;

  Network network_;
  Time now_ = kStart;
  Time last_arrival_ = kStart;
  std::uint16_t probes_ = 0;
  bool has_kernel_ = true;
  std::vector<Bytes> packets_;
  std::vector<std::string> told_;
};

/// All answers within ten seconds to one SYN; "silence" if there is none, joined by "; " if there are several.
std::string answer_to_syn(const NetworkPath& path, Port port, int ttl);
std::string answer_to_echo(const NetworkPath& path, int ttl);

}  // namespace smtpath::test
