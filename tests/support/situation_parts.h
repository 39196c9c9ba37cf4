#pragma once

// What situations are made of: rules of nft and commands of ip for both families at once, branches beside the chain,
// and locations that many cases share.

#include <string>
#include <string_view>
#include <vector>

#include "smtpath/io/lab_spec.h"
#include "support/scenarios.h"

namespace smtpath::test {

inline constexpr Port kSubject{25};

/// A table of one chain: `nft(0, "filter", "postrouting", "tcp dport 25 drop")`, rules one a line. Chains of type nat
/// translate destinations, but for postrouting.
io::LabRule nft(int node, std::string_view type, std::string_view hook, const std::string& rules);

/// What goes to `ports` goes to that host instead; the hook is prerouting or output.
io::LabRule dnat(int node, std::string_view hook, const std::string& ports, LabHost to);

/// Runs `ip` for IPv4 and IPv6 with arguments in which "@4" is the network number 4 and "@4.2" its host 2.
io::LabScript ip(int node, std::string_view arguments);

/// The kernel's setting below /proc/sys/net.
io::LabScript setting(int node, std::string_view name, std::string_view value);

/// What goes to port 25 takes the only route of a table of its own: "unreachable default", "default via @1.3".
std::vector<io::LabScript> policy_route(int node, std::string_view route);

/// Makes a host forward, as the server does for its containers.
std::vector<io::LabScript> forwarding(int node);

/// Nodes one behind the other, the first of them behind `root`; returns the last one. It has .1 in its network.
struct BranchEnd {
  int node = 0;
  LabHost host;
};
BranchEnd add_branch(io::LabSpec& spec, int root, int length);

void add(io::LabSpec& spec, const std::vector<io::LabScript>& scripts);

/// On this host: nothing left it.
ExpectedLocation on_this_host();

/// Of silence, or of an answer: short of the destination, nobody named.
ExpectedLocation between(int last_reached, int first_missed);

/// For all ports but 25.
std::map<int, std::string> others(const std::string& open, const std::string& closed);

}  // namespace smtpath::test
