#pragma once

// A simulated path as a value: this host, routers in a row, and the server at their end, each with what it does to
// packets. It says how devices behave, never how smtpath should judge them. Tests declare one through the words of
// network_builder.h; network.h brings it to life.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/wire/packet.h"
#include "support/network_listener.h"

namespace smtpath::test {

/// Why a router or host says no, in the words of `iptables --reject-with`.
enum class Unreachable : std::uint8_t { Net, Host, Port, NetProhibited, HostProhibited, AdminProhibited };

struct IcmpTypeCode {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  friend bool operator==(const IcmpTypeCode&, const IcmpTypeCode&) = default;
};

/// RFC 792 and RFC 1812 section 5.2.7.1, or RFC 4443 section 3.1; ICMPv6 knows one code for all that is prohibited.
IcmpTypeCode type_code_of(Unreachable reason, Family family);

struct Drop {};

/// A RST in the destination's name. A server's own has the server's initial TTL instead.
struct Reset {
  Ttl initial_ttl{64};
  /// Acknowledges nothing, neither by flag nor by number: clients ignore it.
  bool is_bare = false;
};

/// The same from a device that copies traffic: the packet itself goes on.
struct Inject {
  enum class Form : std::uint8_t {
    /// As RFC 9293 has it: ACK, and the number that the SYN calls for.
    Proper,
    /// Neither flag nor number: clients ignore it.
    Bare,
    /// ACK, and the number of the SYN itself.
    AcknowledgesSequence,
  };
  Ttl initial_ttl{64};
  /// The answer begins with the TTL that the SYN had at the device, instead, and is lost where that does not suffice.
  bool copies_ttl = false;
  Form form = Form::Proper;
  int times = 1;
  /// How much later it is sent than a router would: an answer of the host may be faster.
  Duration delay{};
};

/// An ICMP error from a device that copies traffic; the packet itself goes on.
struct InjectError {
  Unreachable reason = Unreachable::AdminProhibited;
  /// Who it says that it comes from; absent: the destination.
  std::optional<IpAddress> from;
  /// What the quote has in place of the packet's own sequence number and ports.
  bool alters_quote = false;
};

/// Drops the SYNs (for a rule without a port: all packets) beyond the limit and lets the rest pass (`limit rate over`).
struct LimitRate {
  double burst = 1;
  double per_second = 1;
};

struct Reject {
  Unreachable reason = Unreachable::Port;
};

/// A SYN-ACK in the destination's name from a listener on the device itself: transparent proxy, REDIRECT.
struct TakeOver {
  Ttl initial_ttl{64};
  /// Whatever address the packet is for, even one that nobody can have. Other rules are for the target alone.
  bool is_for_any_address = false;
};

/// A SYN-ACK in the destination's name with window 0, from a device that keeps no state yet (SYNPROXY).
struct SynProxy {
  Ttl initial_ttl{64};
};

using Action = std::variant<Drop, Reset, Inject, InjectError, LimitRate, Reject, TakeOver, SynProxy>;

/// "drops", "resets", "injects resets for", "injects errors for", "limits", "rejects", "takes over", "proxies".
std::string_view to_string(const Action& action);

/// Whether a packet that such a rule picks may go on, to the next rule first.
bool lets_pass(const Action& action);

/// Joins lambdas into one visitor, so that std::visit() is exhaustive over what an action can be.
template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

struct Rule {
  /// A TCP port; absent: everything to the destination, as a route does.
  std::optional<Port> port;
  Action action;
  /// PREROUTING or the routing decision itself; else FORWARD. At the server it makes no difference.
  bool before_ttl_check = false;
};

/// Of ICMP errors of every kind to one host; the defaults are those of Linux.
struct RateLimit {
  double burst = 6;
  double per_second = 1;
};

/// Times in which a link loses everything: `lasts` of every `every`, from a random moment on.
struct Bursts {
  Duration every{};
  Duration lasts{};
};

/// Between a device and the one before it. Each packet is lost or not by its own draw, each way.
struct Link {
  Duration latency = std::chrono::milliseconds(1);
  /// At most so much more, drawn for each packet out, so that one may overtake another.
  Duration jitter{};
  double loss_out = 0;
  double loss_back = 0;
  /// Of packets out; none if `every` is zero.
  Bursts bursts{};
  /// Packets on their way back come twice.
  bool doubles_back = false;
};

/// What a device changes in the packets that it passes on, as address translation and firewalls do. What comes back is
/// changed back, but for the quotes of errors, which show it unless `translates_errors`.
struct Rewriting {
  std::optional<IpAddress> source{};
  /// The first of those that a thousand source ports in a row get.
  std::optional<Port> source_port{};
  /// Added to the sequence number.
  std::uint32_t sequence_offset = 0;
  std::optional<std::uint8_t> traffic_class{};
  /// No larger maximum segment size than this.
  std::optional<std::uint16_t> mss{};
  /// Of TCP: SACK, window scale and timestamps.
  bool removes_options = false;
  /// Quotes show the source, its port and the sequence number as they were; the rest stays as it was changed.
  bool translates_errors = false;

  Port source_port_of(Port before) const;
};

/// A router, or the server as far as it is one more device on the path.
struct Device {
  IpAddress address;
  /// Of parallel links: which of them and `address` answers a packet depends on its source port.
  std::vector<IpAddress> other_addresses;
  /// Its time exceeded tell these (RFC 4950).
  std::vector<wire::MplsLabel> mpls;
  /// Of its ICMP; of all that the server sends.
  Ttl initial_ttl{64};
  /// Bytes behind the IP header that its ICMP errors quote at most; 8 is the least (RFC 792).
  std::size_t quoted_payload = 528;
  /// Sends no time exceeded. Unreachables that a rule asks for it sends.
  bool is_silent = false;
  RateLimit icmp_limit;
  /// Its packets come back over so many hops more than go out to it; never over less than one in all.
  int extra_return_hops = 0;
  Link link;
  /// In their order; the first that fits and does not let the packet pass ends its way.
  std::vector<Rule> rules;
  /// Routes everything back to this hop.
  std::optional<int> loops_to;
  std::optional<Rewriting> rewriting{};
  /// Passes on a packet whose TTL ends here, with TTL 0: the next router says so then; a host takes it.
  bool forwards_zero_ttl = false;
  /// Errors bear the address of the path's target.
  bool speaks_as_target = false;

  /// The first that fits at this stage and whose work clients notice, were no packet lost: not those that limit, or
  /// inject what clients ignore; null: none. Without a port: for an echo request.
  const Rule* rule_for(std::optional<Port> port, bool before_ttl_check) const;
};

/// What the host at the end of the path does beyond being its last device. A port that is not listed is closed.
struct Server {
  /// false: nobody has the address.
  bool exists = true;
  std::vector<Port> open;
  /// Of a container behind the server, which routes to it: open there, or closed.
  std::vector<Port> forwarded;
  std::vector<Port> forwarded_closed;
  bool answers_echo = true;
  ListenerHabits habits;
  /// The queue of connections that wait to be accepted is full for this share of the time, and SYNs to the port are
  /// dropped then. Each open port has its own; whether it is full is drawn anew every `queue_changes`.
  double queue_is_full = 0;
  Duration queue_changes = std::chrono::milliseconds(400);

  bool listens_on(Port port) const;
  bool passes_on(Port port) const;
  /// There or behind it.
  bool is_open(Port port) const;
};

/// From a router of the path on, packets to a port go elsewhere: it translates their destination before its TTL check
/// (DNAT in PREROUTING).
struct Detour {
  Port port;
  /// The hop of the router that translates; the one behind it is devices.front().
  int at = 1;
  /// The last one is the host that answers.
  std::vector<Device> devices;
  bool is_open = true;
  /// As Linux does it: errors from that router and beyond come in the name of the path's target.
  bool translates_errors = true;

  /// Hops to that host.
  int distance() const { return at + static_cast<int>(devices.size()); }
};

/// A router from which packets go on over one of several branches, all of one length, and meet again behind them. What
/// comes back from behind them comes over branch 0.
struct Split {
  enum class By : std::uint8_t {
    /// The 5-tuple: a flow keeps its branch.
    Flow,
    Packet,
    /// Branch 0 at first, branch 1 from `after` on: the path changes.
    Time,
  };
  By by = By::Flow;
  /// The hop of the router.
  int at = 1;
  /// Beside branch 0, which is devices[at] and what follows it in the path itself. All of one length, 1 at least, and
  /// behind them the path goes on.
  std::vector<std::vector<Device>> others;
  /// Of the hash.
  std::uint32_t salt = 0;
  /// Of Time: since the first packet.
  Duration after{};

  int length() const { return static_cast<int>(others.front().size()); }
  std::size_t branches() const { return others.size() + 1; }
};

/// What routers choose branches by. Of an echo request all ports are 0.
struct FlowKey {
  Port source_port;
  Port destination_port;
};

/// Of what is no TCP.
inline constexpr FlowKey kEchoFlow{.source_port = Port{0}, .destination_port = Port{0}};

/// The branch that a flow takes: 0 for that of the path itself. Only of a split by flow.
std::size_t branch_of(const Split& split, const FlowKey& flow);

struct NetworkPath {
  IpAddress client;
  /// devices[k - 1] is hop k; the last one is the server.
  std::vector<Device> devices;
  Server server;
  std::vector<Detour> detours;
  /// By rising hop; their branches do not overlap. No detour begins on one.
  std::vector<Split> splits;

  /// Hops to the server.
  int distance() const { return static_cast<int>(devices.size()); }
  const IpAddress& target() const { return devices.back().address; }
  const Device& hop(int ttl) const { return devices[static_cast<std::size_t>(ttl) - 1]; }
  /// The flow as the router there sees it, its source port changed by those before it. No device of a branch changes
  /// it.
  FlowKey flow_at(int ttl, FlowKey flow) const;
  /// The one that a flow meets there; behind other splits than those by flow that on branch 0.
  const Device& hop(int ttl, const FlowKey& flow) const;
  /// Null: packets to the port take the path to its end.
  const Detour* detour_of(Port port) const;
  /// Hops that a packet of hop `ttl` crosses on its way to this host: its `back`.
  int return_hops(int ttl) const;
};

/// `router_count` routers that do nothing remarkable and a server without open ports.
NetworkPath plain_path(int router_count, Family family);

/// Routers that do nothing remarkable, from the one at `at` to an open host so many hops from here.
Detour plain_detour(const NetworkPath& path, Port port, int at, int distance);

/// `branches` in all, `length` routers each that do nothing remarkable, behind the router at `at`.
Split plain_split(const NetworkPath& path, int at, int branches, int length);

/// Addresses set aside for documentation and benchmarks (RFC 5737, RFC 2544, RFC 3849): one of five nets.
IpAddress address_of(Family family, unsigned net, int number);

}  // namespace smtpath::test
