#pragma once

// What the connections to one server show together, port beside port: STARTTLS that one port offers and another does
// not, SYNs that one port leaves unanswered while another passes. A tally of a port is bounded, however many
// connections it counts.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/verdict/outcome.h"

namespace smtpath::verdict {

/// All connections to one port of one server.
struct PortTally {
  Port port;
  std::uint64_t connections = 0;
  std::uint64_t failed = 0;
  /// Of scanners, traceroutes and port checks: they are in no other count below.
  std::uint64_t probes = 0;
  std::array<std::uint64_t, kOutcomes.size()> outcomes{};

  /// Dialogues in which EHLO was accepted in the clear, and those of them in which STARTTLS was offered.
  std::uint64_t hellos = 0;
  std::uint64_t offers = 0;
  /// Dialogues with masked words or a masked greeting.
  std::uint64_t masked = 0;
  /// Connections of outcome `reset`: by whom, and at which stage.
  std::array<std::uint64_t, 3> resets_by{};
  std::array<std::uint64_t, 10> resets_at{};
  /// Path-MTU black holes, whatever the outcome.
  std::uint64_t black_holes = 0;

  explicit PortTally(Port of = {}) : port(of) {}
  void add(const session::Session& session, const SessionVerdict& verdict);
  /// Of clients that wanted to send mail.
  std::uint64_t of_mail() const { return connections - probes; }
  std::uint64_t count(Outcome outcome) const { return outcomes.at(static_cast<std::size_t>(outcome)); }
};

/// Whole sentences on the ports of one server, in the order of the ports; empty where nothing is to be concluded beyond
/// what single connections show. They say "or" where the packets leave two causes.
std::vector<std::string> conclusions_on(std::span<const PortTally> ports);

}  // namespace smtpath::verdict
