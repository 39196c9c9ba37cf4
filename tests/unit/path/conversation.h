#pragma once

// What a capture on this host shows of one or two flows, said to an observer frame by frame in the words of the domain:
//
//   Conversation talk;
//   talk.sends(1, Ttl{30});
//   talk.hears(talk.syn_ack(1));
//
// The host is 192.0.2.2, the target 203.0.113.9; ports 25 and 587 are asked from source ports 40001 and 40002.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "smtpath/path/flow_mark.h"
#include "smtpath/path/observer.h"
#include "support/packets.h"

namespace smtpath::test {

/// A probe as the host sends it, and what may differ from the plan.
struct SentSyn {
  std::uint16_t number = 1;
  Ttl ttl{30};
  Port source_port{40001};
  Port destination_port{25};
  /// Whose tuple the packet carries, where it was rewritten; absent: the plan's.
  std::optional<IpAddress> shown_source{};
  std::optional<Port> shown_source_port{};
};

class Conversation {
 public:
  explicit Conversation(Family family = Family::Ipv4);

  path::Observer& observer() { return observer_; }
  const path::PathTrace& trace() const { return observer_.trace(0); }
  const path::ObserverCounters& counters() const { return observer_.counters(); }
  const IpAddress& host() const { return host_; }
  const IpAddress& target() const { return target_; }
  IpAddress router(int hop) const;
  path::FlowMark mark(Port source_port = Port{40001}, Port port = Port{25}) const;
  std::uint16_t echo_identifier() const;

  /// The flow from source port 40001 to port 25; it must have been seen.
  const path::FlowTrace& flow() const;
  const path::Probe& probe(std::uint16_t number) const;

  Bytes syn(const SentSyn& sent) const;
  /// Probe `number` of the flow 40001 → 25 leaves; true: that was news.
  bool sends(std::uint16_t number, Ttl ttl = Ttl{30}) { return hears(syn({.number = number, .ttl = ttl})); }
  /// Any frame, a millisecond after the one before; true: it told something new.
  bool hears(std::span<const std::byte> packet);
  bool hears_at(Time time, std::span<const std::byte> packet);
  bool is_refused(std::span<const std::byte> packet, int error_number);

  /// Answers of the target to the flow 40001 → 25, ready to be changed.
  wire::IpHeader from_target(Ttl arrived = Ttl{55}) const;
  wire::TcpSegment answer(bool syn, bool rst, bool ack) const;
  Bytes syn_ack(std::uint16_t echoed_number) const;
  Bytes rst() const;

  /// An ICMP error of a router about `original`.
  Bytes error(int hop, std::span<const std::byte> original, std::size_t quoted_bytes = 548) const;

 private:
  IpAddress host_;
  IpAddress target_;
  path::Plan plan_;
  path::Observer observer_;
  Time now_{std::chrono::seconds(1'700'000'000)};
};

/// Everything that a trace holds: to tell that a frame changed nothing.
std::size_t size_of(const path::PathTrace& trace);

}  // namespace smtpath::test
