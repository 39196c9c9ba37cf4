#pragma once

// A simulated Internet at work: the hosts of internet_target.h behind one uplink, each with its own Network. The same
// machine as a Network, for any of their addresses: send() whenever something leaves by the uplink; advance() moves on
// to next_event(). A host costs memory only from its first packet on.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "smtpath/base/time.h"
#include "support/internet_mischief.h"
#include "support/internet_target.h"
#include "support/network.h"

namespace smtpath::test {

struct InternetSpec {
  /// At most kMostInternetTargets.
  std::size_t targets = 1000;
  std::uint64_t seed = 1;
  InternetFamilies families = InternetFamilies::Both;
  Mischief mischief{};
};

/// Of all hosts, in the order of their numbers.
std::vector<InternetTarget> internet_targets(const InternetSpec& spec);

struct InternetFigures {
  std::uint64_t packets_in = 0;
  std::uint64_t packets_out = 0;
  /// Hosts that were sent anything.
  std::size_t hosts = 0;
  /// At any one port of any host: in all, and in any one second.
  std::size_t most_syns = 0;
  std::size_t peak_syns_a_second = 0;
  /// All that asks for an answer, to all hosts: SYNs and echo requests.
  std::size_t peak_probes_a_second = 0;
};

/// "12 packets out, 10 back, 3 hosts asked; at most 8 probes a second; at most 2 SYNs at a port, 1 in a second".
std::string to_string(const InternetFigures& figures);

class Internet {
 public:
  explicit Internet(const InternetSpec& spec);

  /// One whole IP packet. One for an address that is no host's is lost.
  void send(Time now, std::span<const std::byte> packet);

  std::optional<Time> next_event() const;
  /// Only when there is a next event. The packets, if any, that come back at its time.
  std::vector<Bytes> advance();

  InternetFigures figures() const;

 private:
  struct Appointment {
    Time at;
    std::size_t host = 0;
    friend bool operator>(const Appointment& a, const Appointment& b) { return a.at > b.at; }
  };

  void note_probe(Time now);
  std::optional<std::size_t> host_at(const IpAddress& address) const;
  Network& network_of(std::size_t host);
  void make_appointment(std::size_t host);

  InternetSpec spec_;
  MischiefMaker mischief_;
  std::unordered_map<IpAddress, std::size_t> hosts_;
  std::vector<std::unique_ptr<Network>> networks_;
  // A host may have several; those at which nothing of it happens are passed over.
  std::priority_queue<Appointment, std::vector<Appointment>, std::greater<>> appointments_;
  std::uint64_t packets_in_ = 0;
  std::uint64_t packets_out_ = 0;
  // Those of the last second.
  std::deque<Time> probes_;
  std::size_t peak_probes_ = 0;
};

}  // namespace smtpath::test
