#pragma once

// A simulated path at work: takes the IP packets that this host sends and yields those that come back, all of them real
// bytes, in virtual time. Routers and the server behave like Linux; what each does to packets is said by a NetworkPath.
// This host itself is not in it: see simulation.h for what its kernel answers.
//
// A machine: send() whenever this host sends; advance() moves on to next_event(), of which some are arrivals here. Time
// never runs backwards from one call to the next.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/wire/packet.h"
#include "support/network_event.h"
#include "support/network_listener.h"
#include "support/network_path.h"
#include "support/packets.h"

namespace smtpath::test {

struct Delivery {
  Time at;
  Bytes packet;
};

/// A SYN that came as far as the server, whatever the server did with it.
struct SynArrival {
  Port port;
  Time at;
};

class Network {
 public:
  /// `seed` decides which packets are lost, and what else is left to chance.
  Network(NetworkPath path, std::uint64_t seed);
  // Events point into the path.
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  Network(Network&&) = default;
  Network& operator=(Network&&) = default;
  ~Network() = default;

  /// One whole IP packet. One that is not for the target of the path comes as far as the last router.
  void send(Time now, std::span<const std::byte> bytes);

  std::optional<Time> next_event() const { return events_.next(); }
  /// Only when there is a next event. The packet, if what happens then is that one arrives here.
  std::optional<Delivery> advance();

  const NetworkPath& path() const { return path_; }
  /// In the order in which they came.
  const std::vector<SynArrival>& syn_arrivals() const { return syn_arrivals_; }

 private:
  // How many packets a device may send or pass, as of `filled`.
  struct Bucket {
    double tokens = 0;
    Time filled;
  };

  // Of connections that wait to be accepted.
  struct Queue {
    bool is_full = false;
    Time until;
  };

  // A device at its place: all of them make a tree, from this host outwards.
  struct Node {
    const Device* device = nullptr;
    int hop = 0;
    std::optional<std::size_t> before;
    // Where packets go from here, unless a split or a translation leads them elsewhere.
    std::size_t next = 0;
    // Of what is reached by a translation only.
    const Detour* detour = nullptr;
    // Of a router from which branches begin. Those beside the path's own lie one behind another from `first_branch` on.
    const Split* split = nullptr;
    std::size_t first_branch = 0;
    // Of its link, after the beginning of time.
    Duration burst_begins{};
    bool is_host = false;
  };

  // A packet on its way out.
  struct Travel;

  void plant();
  void plant_detours();
  void plant_splits();
  std::size_t plant_row(std::span<const Device> devices, std::size_t before, const Detour* detour);

  void travel(Travel& packet);
  void happens(const Travel& packet, Happening what, const Rule* rule = nullptr);
  static bool picks(const Rule& rule, const Travel& packet);
  bool is_picked(const Travel& packet, bool before_ttl_check);
  void rewrite(Travel& packet) const;
  bool is_within(const LimitRate& limit, const Travel& packet);
  std::size_t after(const Travel& packet);
  std::size_t branch_for(const Split& split, const Travel& packet);
  const Detour* detour_at(std::size_t node, std::optional<Port> port) const;
  bool is_server(std::size_t node) const { return node + 1 == path_.devices.size(); }
  Duration latency_of(const Link& link);

  Duration drawn_below(Duration end);
  bool is_lost(double probability);
  bool is_in_burst(const Travel& packet) const;
  Time resolution_ends(Time now);

  void apply_rule(const Event& event);
  void inject_reset(const Event& event, const Inject& inject, const wire::TcpSegment& syn);
  void inject_error(const Event& event, const InjectError& inject);
  void take_over(const Event& event, const wire::TcpSegment& segment, Ttl initial_ttl);
  void serve(const Event& event);
  void serve_tcp(const Event& event, const wire::TcpSegment& segment);
  bool has_full_queue(Port port, Time now);
  IpAddress error_source(const Event& event) const;
  wire::IpHeader header_from(std::size_t node, const IpAddress& source, Ttl initial_ttl) const;

  void ask_listener(const Event& event, const wire::TcpSegment& segment, Ttl initial_ttl);
  void await_listener(std::size_t device, Ttl initial_ttl);
  void wake_listener(const Event& event);

  void answer_tcp(const Event& event, const wire::TcpSegment& answer, Ttl initial_ttl);
  void answer_icmp(const Event& event, IcmpTypeCode type_code);
  static bool takes_token(Bucket& bucket, const RateLimit& limit, Time now);
  void send_back(Time at, std::size_t device, const Bytes& packet);

  NetworkPath path_;
  // Those of the path first.
  std::vector<Node> nodes_;
  std::mt19937_64 random_;
  // Of everything but the loss and the jitter of links, whose draws it leaves as they are.
  std::mt19937_64 other_random_;
  std::optional<Time> first_sent_;
  EventQueue events_;
  std::vector<Bucket> buckets_;
  std::map<const LimitRate*, Bucket> rule_buckets_;
  std::vector<Listener> listeners_;
  // What was done to the SYNs that listeners may answer again, by the client's port as they know it and their own.
  std::map<std::pair<Port, Port>, std::vector<Rewritten>> changes_of_;
  // Each listening socket has its own.
  std::map<Port, Queue> queues_;
  // Until then the last router asks who has the address, and packets wait.
  std::optional<Time> resolution_ends_;
  std::vector<SynArrival> syn_arrivals_;
};

}  // namespace smtpath::test
