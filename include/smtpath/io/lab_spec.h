#pragma once

// What a lab network looks like: a chain client – router 1 – … – router N – server, what is beside it, and what is
// wrong on it. Node 0 is the client, nodes 1..N are routers, node N+1 is the server. Node h faces the client
// with 10.9.h.1 and fd09:0:0:h::1 (the sources of its ICMP errors; the digits of h, also in IPv6); the node before it
// has ::2 and .2 on that link. Nodes from N+2 on are beside the chain, on cables of their own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/base/time.h"

namespace smtpath::io {

/// Where in a node's packet path a rule stands. Prerouting is before the TTL check, Forward after it; Input is for what
/// the node itself receives, Output for what it sends of its own (the place of a local firewall when it is the client).
enum class LabHook : std::uint8_t { Prerouting, Input, Forward, Output };

/// What a rule does with a SYN and with whatever else goes to its port. The names after Drop, Reset and Redirect are
/// those of ICMP unreachables that nft knows; one that a family lacks is replaced by its nearest there.
enum class LabAction : std::uint8_t {
  Drop,
  /// A TCP reset in the destination's name.
  Reset,
  /// To the node's own listener of the same port (see LabSpec::listeners): a transparent proxy. Prerouting or Output.
  Redirect,
  NetUnreachable,
  HostUnreachable,
  ProtUnreachable,
  PortUnreachable,
  NetProhibited,
  HostProhibited,
  AdminProhibited,
  PolicyFail,
  RejectRoute,
};

/// A whole ruleset as `nft -f -` takes it, loaded into one node. Names of the form lab_* are taken.
struct LabRule {
  int node = 0;
  std::string nft{};
};

/// One rule, for IPv4 and IPv6; without a port, for all of TCP.
LabRule lab_rule(int node, LabHook hook, std::optional<Port> port, LabAction action);

/// The same from text, "NODE:HOOK:PORT:ACTION": "3:forward:25:drop", "3:prerouting:any:reset",
/// "3:forward:25:reject=admin-prohibited". An error says which part is wrong and what it can be.
Result<LabRule> parse_lab_rule(std::string_view text);

/// What is wrong with the link between nodes `position` and `position` + 1. A frame is delayed, and perhaps lost, in
/// each direction; ARP and neighbour discovery are delayed but never lost.
struct LabLink {
  int position = 0;
  Duration one_way_delay{};
  /// The chance of each frame, 0 to 1.
  double loss = 0;
  unsigned seed = 1;
};

/// A TCP port that a node other than the server listens on, with the server's greeting.
struct LabListener {
  int node = 0;
  Port port{};
};

/// A cable beside the chain: the k-th of LabSpec::side_cables is the interface "side<k>" of both nodes, and the
/// networks 10.9.<100+k>.0/24 and fd09:0:0:<100+k>::/64, in which `near` has .2 and ::2, `far` .1 and ::1. Every node
/// has a route to it, never by way of the client; nodes of the chain reach one another along the chain all the same.
struct LabSideCable {
  int near = 0;
  int far = 0;
};

/// Shell for a node that is set up but for this; it runs by `sh -e -c` before the lab is ready.
struct LabScript {
  int node = 0;
  std::string commands{};
};

struct LabSpec {
  /// 0 to 60.
  int routers = 5;
  /// Of the server; it greets there as a mail server does. Every other port answers with a reset.
  std::vector<Port> open_ports{};
  std::vector<LabListener> listeners{};
  std::vector<LabRule> rules{};
  /// How many nodes are beside the chain: hosts, or routers if they have more than one cable. 0 to 20.
  int side_nodes = 0;
  /// 0 to 20. Each node beside the chain has one at least, and a way to the chain.
  std::vector<LabSideCable> side_cables{};
  /// Those of one node run in their order, each on its own.
  std::vector<LabScript> scripts{};
  /// These forward, but send no ICMP time exceeded.
  std::vector<int> silent_routers{};
  std::vector<LabLink> links{};
  /// Whether the server answers ICMP echo requests.
  bool answers_echo = true;
  /// Whether nodes limit the rate of their ICMP errors as the kernel does by itself.
  bool limits_icmp = true;
};

}  // namespace smtpath::io
