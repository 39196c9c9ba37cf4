#pragma once

// Drives a tracer through a simulated network in virtual time, as the live loop drives it through a real one: every
// packet that this host sends or receives is shown to the observer as a raw IP frame. The kernel of this host is played
// here too: it answers each TCP segment with ACK that it did not ask for, SYN-ACKs above all, with a RST.

#include <cstddef>
#include <optional>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"
#include "smtpath/path/observer.h"
#include "smtpath/path/plan.h"
#include "smtpath/probing/tracer.h"
#include "support/network.h"
#include "support/this_host.h"

namespace smtpath::test {

/// Virtual time that a tracer has to come to its end.
inline constexpr Duration kPatience = std::chrono::seconds(120);
/// When every simulation begins.
inline constexpr Time kStart{std::chrono::seconds(1'700'000'000)};

/// A frame with bytes of its own, to be shown to another observer later.
struct RecordedFrame {
  Time time;
  Bytes bytes;
  LinkType link = LinkType::Raw;
  std::optional<int> refused{};
  bool is_unseen = false;

  Frame frame() const;
};

struct Simulation {
  path::Observer observer;
  /// false: the tracer did not end within kPatience, asked for attention again and again at one time, or waits for
  /// nothing: no timeout of its own, and nothing left in the network.
  bool finished = false;
  std::size_t probes = 0;
  Time start = kStart;
  Time end = kStart;
  CaptureStatistics statistics = {};
  /// Those of the network, as they came.
  std::vector<SynArrival> syn_arrivals = {};
  /// In the order in which the observer saw them; empty unless they were asked for.
  std::vector<RecordedFrame> frames = {};

  Duration duration() const { return end - start; }
  /// SYNs that reached the server.
  std::size_t syns_at_server(Port port) const;
  /// The most of them within any one second.
  std::size_t peak_syns_a_second(Port port) const;
};

enum class Recording : std::uint8_t { Off, On };

/// Traces the only target of the plan, whose addresses must be those of the network's path.
Simulation run(const path::Plan& plan, Network& network, const probing::TracerOptions& options = {},
               Recording recording = Recording::Off, const ThisHost& host = {});

/// What the kernel of this host sends when `packet` arrives: a RST for a SYN-ACK or plain ACK, else nothing.
std::optional<Bytes> kernel_answer(std::span<const std::byte> packet);

/// A plan for the one target of a path: ports as asked, 16 source ports, a fixed key.
path::Plan plan_for(const NetworkPath& path, std::vector<path::PortPlan> ports);

}  // namespace smtpath::test
