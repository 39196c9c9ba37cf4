#pragma once

// Makes the trace of a target by hand, hop by hop, in the words of the domain:
//
//   TraceBuilder().port(25).routers(1, 3).rst(4).came_back_over(3).port(587).routers(1, 5).syn_ack(6).echo(6)
//
// port() chooses whose probes the words behind it speak of; each such word sends one probe. Nothing is checked: a trace
// that no network would bring about can be made too. Hop k is a router with the address router(k).

#include <cstdint>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/facts/local_host.h"
#include "smtpath/facts/port_route.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"

namespace smtpath::test {

class TraceBuilder {
 public:
  TraceBuilder();

  operator const path::PathTrace&() const { return trace_; }  // NOLINT(google-explicit-constructor)
  const path::PathTrace& trace() const { return trace_; }
  /// Every port that was chosen, in that order.
  const path::TargetPlan& plan() const { return plan_; }

  static IpAddress target();
  static IpAddress router(int hop);

  /// Its main flow.
  TraceBuilder& port(std::uint16_t number, path::Role role = path::Role::Subject);
  /// Another source port of the port chosen last.
  TraceBuilder& flow(std::uint8_t slot);
  /// The echo requests.
  TraceBuilder& echo();

  TraceBuilder& silent(int ttl, int times = 1);
  TraceBuilder& refused(int error_number);
  TraceBuilder& router_answers(int ttl) { return time_exceeded(ttl, router(ttl)); }
  TraceBuilder& routers(int first, int last);
  TraceBuilder& time_exceeded(int ttl, const IpAddress& from);
  TraceBuilder& syn_ack(int ttl) { return tcp_answer(ttl, path::ReplyKind::SynAck); }
  TraceBuilder& rst(int ttl) { return tcp_answer(ttl, path::ReplyKind::Rst); }
  TraceBuilder& plain_ack(int ttl) { return tcp_answer(ttl, path::ReplyKind::Ack); }
  /// ICMP 3/code; the probe died at hop `died_at`.
  TraceBuilder& unreachable(int ttl, int code, const IpAddress& from, int died_at);
  TraceBuilder& echo_reply(int ttl);
  /// Routers up to the one before the target, then its echo reply.
  TraceBuilder& echo_at(int ttl);
  /// So many source ports that knock with a TTL of 30 and hear nothing.
  TraceBuilder& silent_knocks(int flows);

  /// Of the last reply: how many hops it travelled (initial TTL 64), what else came, and when.
  TraceBuilder& came_back_over(int hops);
  TraceBuilder& arrived_with(int ttl);
  TraceBuilder& after(Duration round_trip);
  /// The last error quotes its probe as bound for another address.
  TraceBuilder& translated_to(const IpAddress& address);
  /// The last probe drew this too.
  TraceBuilder& and_time_exceeded(const IpAddress& from);
  TraceBuilder& and_syn_ack() { return and_tcp_answer(path::ReplyKind::SynAck); }
  TraceBuilder& and_rst() { return and_tcp_answer(path::ReplyKind::Rst); }
  TraceBuilder& and_unreachable(int code, const IpAddress& from, int died_at);
  /// A SYN to the port chosen last of an address that nobody can have, and its SYN-ACK as it came back over so many
  /// hops.
  TraceBuilder& nowhere_accepts(int hops);
  TraceBuilder& nowhere_is_silent();
  /// A reset of the flow that clients ignore.
  TraceBuilder& ignored_reset();
  /// The last reply names no probe.
  TraceBuilder& unattributed();
  /// By which interfaces the last probe left and the last reply came in.
  TraceBuilder& over_interfaces(std::uint32_t out, std::uint32_t in);
  /// The last reply was seen on the loopback interface.
  TraceBuilder& reply_on_loopback();
  /// This host's kernel answered the last reply with a reset.
  TraceBuilder& reset_here();

  /// Of the last probe: seen on the loopback interface, sent to another address, or seen by no interface.
  TraceBuilder& probe_on_loopback();
  TraceBuilder& redirected_to(const IpAddress& address);
  TraceBuilder& unseen();

  /// The next hop was asked for and did not answer.
  TraceBuilder& dead_next_hop();

  /// What the kernel said of the routes to ports.
  TraceBuilder& route(const facts::PortRoute& route);
  const std::vector<facts::PortRoute>& routes() const { return routes_; }
  TraceBuilder& host(facts::LocalHost host);
  const facts::LocalHost* host() const { return host_ ? &*host_ : nullptr; }
  /// This host itself has the target's address.
  TraceBuilder& local_target();
  bool is_target_local() const { return is_target_local_; }

 private:
  TraceBuilder& tcp_answer(int ttl, path::ReplyKind kind);
  TraceBuilder& and_tcp_answer(path::ReplyKind kind);
  path::FlowTrace& current();
  path::Probe& send(int ttl);
  TraceBuilder& draw(path::Probe& probe, path::ReplyKind kind, const IpAddress& from);
  path::Reply& last_reply();

  path::PathTrace trace_;
  path::TargetPlan plan_;
  Port port_;
  std::size_t current_ = 0;
  bool is_echo_ = false;
  std::vector<facts::PortRoute> routes_;
  bool is_target_local_ = false;
  std::optional<facts::LocalHost> host_;
};

}  // namespace smtpath::test
