#include "unit/path/trace_builder.h"

#include <algorithm>
#include <array>
#include <utility>

namespace smtpath::test {

namespace {

using path::FlowTrace;
using path::Probe;
using path::Reply;
using path::ReplyKind;

constexpr Time kStart{std::chrono::seconds(1'700'000'000)};
constexpr Duration kRoundTrip = std::chrono::milliseconds(10);
constexpr int kFullTtl = 30;

Ttl ttl_of(int hops) {
  return Ttl{static_cast<std::uint8_t>(hops)};
}

Ttl arriving_after(int hops) {
  return ttl_of(64 - (hops - 1));
}

IpAddress ipv4(unsigned a, unsigned b, unsigned c, int d) {
  return IpAddress::v4(std::array{static_cast<std::byte>(a), static_cast<std::byte>(b), static_cast<std::byte>(c),
                                  static_cast<std::byte>(d)});
}

}  // namespace

TraceBuilder::TraceBuilder() {
  trace_.target = target();
  plan_.address = target();
  plan_.source = ipv4(192, 0, 2, 2);
}

IpAddress TraceBuilder::target() {
  return ipv4(203, 0, 113, 9);
}

IpAddress TraceBuilder::router(int hop) {
  return ipv4(198, 51, 100, hop);
}

TraceBuilder& TraceBuilder::port(std::uint16_t number, path::Role role) {
  port_ = Port{number};
  const bool is_planned = std::any_of(plan_.ports.begin(), plan_.ports.end(),
                                      [&](const path::PortPlan& planned) { return planned.port == port_; });
  if (!is_planned) plan_.ports.push_back({.port = port_, .role = role});
  return flow(0);
}

TraceBuilder& TraceBuilder::flow(std::uint8_t slot) {
  is_echo_ = false;
  const auto known = std::find_if(trace_.flows.begin(), trace_.flows.end(), [&](const FlowTrace& flow) {
    return flow.slot == slot && flow.destination_port == port_;
  });
  current_ = static_cast<std::size_t>(known - trace_.flows.begin());
  if (known == trace_.flows.end()) {
    trace_.flows.push_back({.slot = slot,
                            .source_port = Port{static_cast<std::uint16_t>(40001 + slot)},
                            .destination_port = port_,
                            .probes = {},
                            .unattributed = {}});
  }
  return *this;
}

TraceBuilder& TraceBuilder::echo() {
  is_echo_ = true;
  return *this;
}

TraceBuilder& TraceBuilder::silent(int ttl, int times) {
  for (int i = 0; i < times; ++i) send(ttl);
  return *this;
}

TraceBuilder& TraceBuilder::refused(int error_number) {
  send(kFullTtl).refused = error_number;
  return *this;
}

TraceBuilder& TraceBuilder::routers(int first, int last) {
  for (int ttl = first; ttl <= last; ++ttl) router_answers(ttl);
  return *this;
}

TraceBuilder& TraceBuilder::time_exceeded(int ttl, const IpAddress& from) {
  Probe& probe = send(ttl);
  draw(probe, ReplyKind::TimeExceeded, from);
  probe.replies.back().icmp = path::IcmpDetail{.type = 11, .code = 0, .quoted_ttl = Ttl{1}};
  return *this;
}

TraceBuilder& TraceBuilder::unreachable(int ttl, int code, const IpAddress& from, int died_at) {
  send(ttl);
  return and_unreachable(code, from, died_at);
}

TraceBuilder& TraceBuilder::and_unreachable(int code, const IpAddress& from, int died_at) {
  Probe& probe = current().probes.back();
  draw(probe, ReplyKind::Unreachable, from);
  probe.replies.back().icmp = path::IcmpDetail{
      .type = 3, .code = static_cast<std::uint8_t>(code), .quoted_ttl = ttl_of(probe.ttl.hops - (died_at - 1))};
  return *this;
}

TraceBuilder& TraceBuilder::nowhere_accepts(int hops) {
  nowhere_is_silent();
  Probe& probe = trace_.nowhere->flows.back().probes.back();
  draw(probe, ReplyKind::SynAck, trace_.nowhere->address);
  probe.replies.back().ttl = arriving_after(hops);
  return *this;
}

TraceBuilder& TraceBuilder::nowhere_is_silent() {
  if (!trace_.nowhere) trace_.nowhere = path::NowhereTrace{.address = *IpAddress::parse("203.0.113.77"), .flows = {}};
  path::FlowTrace flow{
      .slot = 0, .source_port = Port{40001}, .destination_port = port_, .probes = {}, .unattributed = {}};
  flow.probes.push_back({.number = 1, .ttl = ttl_of(kFullTtl), .sent = kStart, .refused = {}, .replies = {}});
  trace_.nowhere->flows.push_back(std::move(flow));
  return *this;
}

TraceBuilder& TraceBuilder::ignored_reset() {
  ++current().ignored_resets;
  return *this;
}

TraceBuilder& TraceBuilder::echo_reply(int ttl) {
  return draw(send(ttl), ReplyKind::EchoReply, target());
}

TraceBuilder& TraceBuilder::echo_at(int ttl) {
  return echo().routers(std::max(1, ttl - 1), ttl - 1).echo_reply(ttl);
}

TraceBuilder& TraceBuilder::silent_knocks(int flows) {
  for (int slot = 0; slot < flows; ++slot) flow(static_cast<std::uint8_t>(slot)).silent(kFullTtl);
  return flow(0);
}

TraceBuilder& TraceBuilder::came_back_over(int hops) {
  last_reply().ttl = arriving_after(hops);
  return *this;
}

TraceBuilder& TraceBuilder::arrived_with(int ttl) {
  last_reply().ttl = ttl_of(ttl);
  return *this;
}

TraceBuilder& TraceBuilder::after(Duration round_trip) {
  last_reply().at = current().probes.back().sent + round_trip;
  return *this;
}

TraceBuilder& TraceBuilder::translated_to(const IpAddress& address) {
  last_reply().icmp->translated_to = address;
  return *this;
}

TraceBuilder& TraceBuilder::and_time_exceeded(const IpAddress& from) {
  Probe& probe = current().probes.back();
  draw(probe, ReplyKind::TimeExceeded, from);
  probe.replies.back().icmp = path::IcmpDetail{.type = 11, .code = 0, .quoted_ttl = Ttl{1}};
  return *this;
}

TraceBuilder& TraceBuilder::unattributed() {
  auto& replies = current().probes.back().replies;
  current().unattributed.push_back(std::move(replies.back()));
  replies.pop_back();
  return *this;
}

TraceBuilder& TraceBuilder::reply_on_loopback() {
  last_reply().is_on_loopback = true;
  return *this;
}

TraceBuilder& TraceBuilder::reset_here() {
  last_reply().was_reset_here = true;
  return *this;
}

TraceBuilder& TraceBuilder::probe_on_loopback() {
  current().probes.back().is_on_loopback = true;
  return *this;
}

TraceBuilder& TraceBuilder::redirected_to(const IpAddress& address) {
  current().probes.back().redirected_to = address;
  return *this;
}

TraceBuilder& TraceBuilder::unseen() {
  current().probes.back().is_unseen = true;
  return *this;
}

TraceBuilder& TraceBuilder::dead_next_hop() {
  trace_.next_hop = {.was_asked = true, .has_answered = false};
  return *this;
}

TraceBuilder& TraceBuilder::route(const facts::PortRoute& route) {
  routes_.push_back(route);
  return *this;
}

TraceBuilder& TraceBuilder::host(facts::LocalHost host) {
  host_ = std::move(host);
  return *this;
}

TraceBuilder& TraceBuilder::over_interfaces(std::uint32_t out, std::uint32_t in) {
  current().probes.back().interface_index = out;
  last_reply().interface_index = in;
  return *this;
}

TraceBuilder& TraceBuilder::local_target() {
  is_target_local_ = true;
  return *this;
}

TraceBuilder& TraceBuilder::tcp_answer(int ttl, ReplyKind kind) {
  send(ttl);
  return and_tcp_answer(kind);
}

TraceBuilder& TraceBuilder::and_tcp_answer(ReplyKind kind) {
  Probe& probe = current().probes.back();
  draw(probe, kind, target());
  path::TcpDetail detail;
  detail.flags.rst = kind == ReplyKind::Rst;
  detail.flags.syn = kind == ReplyKind::SynAck;
  detail.flags.ack = true;
  probe.replies.back().tcp = detail;
  return *this;
}

path::FlowTrace& TraceBuilder::current() {
  return is_echo_ ? trace_.echo : trace_.flows.at(current_);
}

path::Probe& TraceBuilder::send(int ttl) {
  auto& probes = current().probes;
  const auto number = static_cast<std::uint16_t>(probes.size() + 1);
  return probes.emplace_back(
      Probe{.number = number, .ttl = ttl_of(ttl), .sent = kStart + number * kRoundTrip, .refused = {}, .replies = {}});
}

TraceBuilder& TraceBuilder::draw(Probe& probe, ReplyKind kind, const IpAddress& from) {
  probe.replies.push_back({.kind = kind,
                           .from = from,
                           .at = probe.sent + kRoundTrip,
                           .ttl = arriving_after(probe.ttl.hops),
                           .icmp = {},
                           .tcp = {},
                           .mpls = {}});
  return *this;
}

path::Reply& TraceBuilder::last_reply() {
  return current().probes.back().replies.back();
}

}  // namespace smtpath::test
