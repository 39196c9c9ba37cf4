// Each rule where it decides, and right beside where it must not.

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

#include "unit/verdict/judgement.h"
#include "verdict/rules.h"

namespace smtpath::test {
namespace {

IpAddress router(int hop) {
  return TraceBuilder::router(hop);
}

struct Row {
  const char* what;
  TraceBuilder trace;
  const char* rule;
  const char* verdict;
};

constexpr const char* kHere = " high local, last 0 ?, missed 1 ?, suspect 0 ?";

/// What happens on this host.
std::vector<Row> rows_of_this_host() {
  static const std::string dropped = std::string("dropped") + kHere;
  static const std::string rejected = std::string("rejected") + kHere;
  static const std::string reset = std::string("reset-injected") + kHere;
  static const std::string intercepted = std::string("intercepted") + kHere;
  static const std::string unreachable = std::string("unreachable") + kHere;
  static const std::string no_route = std::string("no-route") + kHere;
  using Difference = facts::PortRoute::Difference;
  const auto port_25 = [] { return TraceBuilder().port(25); };
  facts::LocalHost strict;
  strict.strict_reverse_path.push_back({.name = "eth1", .index = 3});
  const auto this_host = *IpAddress::parse("192.0.2.1");
  const auto route = [](Difference difference, int error) {
    facts::PortRoute apart;
    apart.port = Port{25};
    apart.difference = difference;
    apart.error = error;
    return apart;
  };
  return {
      {"every send refused", port_25().refused(EPERM), "send-refused", dropped.c_str()},
      {"no route", port_25().refused(EHOSTUNREACH), "send-refused", no_route.c_str()},
      {"a queue full for one port alone", port_25().refused(ENOBUFS).port(587).routers(1, 5).syn_ack(6), "send-refused",
       dropped.c_str()},
      {"the queue was full all the time", port_25().refused(ENOBUFS), "send-refused",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"connections have no route, probes have",
       port_25().routers(1, 5).syn_ack(6).route(route(Difference::Refused, EINVAL)), "mail-has-no-route",
       no_route.c_str()},
      {"probes have no route, connections have",
       port_25().refused(ENETUNREACH).route(route(Difference::OtherGateway, 0)), "mail-takes-another-way",
       "inconclusive low (other-route) unknown, last 0 ?, missed none, suspect none"},
      {"connections take another way, and the destination answers on this one",
       port_25().routers(1, 5).syn_ack(6).echo_at(6).route(route(Difference::OtherGateway, 0)),
       "accepted-by-the-destination", "open high"},
      {"connections take another way, and a reset is forged on this one",
       port_25().routers(1, 2).rst(3).echo_at(6).route(route(Difference::OtherGateway, 0)), "mail-takes-another-way",
       "inconclusive low (other-route) unknown, last 2 r2, missed 6 target, suspect none"},
      {"an answer that came in by another interface, where that is checked",
       port_25().routers(1, 5).syn_ack(6).over_interfaces(2, 3).echo_at(6).host(strict),
       "stopped-by-the-reverse-path-filter", dropped.c_str()},
      {"an answer that came in by another interface, where the other is checked",
       port_25().routers(1, 5).syn_ack(6).over_interfaces(3, 2).echo_at(6).host(strict), "accepted-by-the-destination",
       "open high"},
      {"an answer that came in by another interface, and through to TCP",
       port_25().routers(1, 5).syn_ack(6).over_interfaces(2, 3).reset_here().echo_at(6).host(strict),
       "accepted-by-the-destination", "open high"},
      {"a reject of this host", port_25().unreachable(30, 13, this_host, 1).reply_on_loopback(),
       "answered-by-this-host", rejected.c_str()},
      {"a reset of this host", port_25().rst(30).reply_on_loopback(), "answered-by-this-host", reset.c_str()},
      {"the kernel found nobody at the next hop",
       port_25().unreachable(30, 1, this_host, 1).reply_on_loopback().unseen(), "answered-by-this-host",
       unreachable.c_str()},
      {"the target is this host", port_25().rst(1).reply_on_loopback().probe_on_loopback().echo_at(1).local_target(),
       "refused-by-the-destination", "refused high destination, last 1 target, missed none, suspect 1 target"},
      {"redirected to this host",
       port_25().syn_ack(30).probe_on_loopback().reply_on_loopback().redirected_to(this_host),
       "redirected-on-this-host", intercepted.c_str()},
      {"redirected to another host, and silent", port_25().silent(30).redirected_to(router(3)),
       "redirected-on-this-host", intercepted.c_str()},
      {"seen by no interface, while others left",
       port_25().silent(30).unseen().port(587).routers(1, 5).syn_ack(6).echo_at(6), "never-left-this-host",
       dropped.c_str()},
      {"nothing left, and the next hop is dead",
       port_25().silent(30).unseen().echo().silent(30).unseen().dead_next_hop(), "never-left-this-host",
       unreachable.c_str()},
      {"nothing left, and nobody knows why", port_25().silent(30).unseen().echo().silent(30).unseen(),
       "never-left-this-host", "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"one probe left after all", port_25().silent(30).unseen().silent(30), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"a SYN-ACK that never came up to TCP",
       port_25().routers(1, 5).syn_ack(6).port(587).routers(1, 5).syn_ack(6).reset_here().echo_at(6),
       "stopped-on-arrival", dropped.c_str()},
      {"no SYN-ACK is reset here", port_25().routers(1, 5).syn_ack(6).port(587).routers(1, 5).syn_ack(6).echo_at(6),
       "accepted-by-the-destination", "open high"},
      {"every SYN-ACK is reset here",
       port_25().routers(1, 5).syn_ack(6).reset_here().port(587).routers(1, 5).syn_ack(6).reset_here().echo_at(6),
       "accepted-by-the-destination", "open high"},
  };
}

/// What happens beyond it.
std::vector<Row> rows_of_the_way() {
  const auto port_25 = [] { return TraceBuilder().port(25); };
  return {
      {"this host stopped sending",
       port_25().silent(30).refused(ENETUNREACH).flow(1).refused(ENETUNREACH).flow(2).refused(ENETUNREACH), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"one send let go", port_25().refused(EPERM).flow(1).silent(30), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"routers again at rising TTLs", port_25().routers(1, 3).time_exceeded(4, router(2)), "routers-repeat",
       "loop high path, last 3 r3, missed 4 r2, suspect none"},
      {"one router at two neighbouring TTLs is no loop",
       port_25().routers(1, 3).time_exceeded(4, router(3)).silent_knocks(3), "silence",
       "dropped medium unknown, last 4 r3, missed none, suspect none"},
      {"routers repeat, but the server answers", port_25().routers(1, 3).time_exceeded(5, router(3)).syn_ack(6),
       "accepted-by-the-destination", "open medium"},
      {"host unreachable on every port",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).port(587).unreachable(30, 0, router(2), 3),
       "host-unreachable", "unreachable high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"host unreachable on the only port", port_25().routers(1, 2).unreachable(30, 1, router(2), 3),
       "host-unreachable", "unreachable medium path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"host unreachable on one port, another answers",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).port(587).routers(1, 5).syn_ack(6),
       "rejected-on-the-way", "rejected high path, last 2 r2, missed 3 r3, suspect 2 r2"},
      {"host unreachable on one port, echo answers",
       port_25().routers(1, 2).unreachable(30, 1, router(2), 3).echo_at(6), "rejected-on-the-way",
       "rejected high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"a policy on every port is not about the host",
       port_25().routers(1, 2).unreachable(30, 13, router(2), 3).port(587).unreachable(30, 13, router(2), 3),
       "rejected-on-the-way", "rejected high path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"the target itself rejects", port_25().unreachable(30, 3, TraceBuilder::target(), 6),
       "rejected-by-the-destination", "rejected high destination, last 6 target, missed none, suspect 6 target"},
      {"errors in the destination's name where others meet routers, and a nearer answer",
       port_25()
           .routers(1, 1)
           .time_exceeded(2, TraceBuilder::target())
           .syn_ack(3)
           .port(587)
           .routers(1, 5)
           .syn_ack(6)
           .echo_at(6),
       "translated-on-the-way", "intercepted high path, last 2 r2, missed 3 r3, suspect none"},
      {"errors in the destination's name where others meet routers, and an answer as far away",
       port_25()
           .routers(1, 1)
           .time_exceeded(2, TraceBuilder::target())
           .time_exceeded(5, TraceBuilder::target())
           .syn_ack(6)
           .port(587)
           .routers(1, 5)
           .syn_ack(6)
           .echo_at(6),
       "translated-on-the-way", "intercepted high path, last 1 r1, missed 2 r2, suspect none"},
      {"errors quote this port's probes as bound for another address",
       port_25().routers(1, 2).translated_to(router(99)).syn_ack(3).port(587).routers(1, 5).syn_ack(6).echo_at(6),
       "translated-on-the-way", "intercepted high path, last 2 r2, missed 3 r3, suspect none"},
      {"errors quote every port's probes as bound for another address",
       port_25()
           .routers(1, 5)
           .translated_to(router(99))
           .syn_ack(6)
           .port(587)
           .routers(1, 5)
           .translated_to(router(99))
           .syn_ack(6)
           .echo()
           .silent(5, 3)
           .echo_reply(6),
       "accepted-by-the-destination", "open high"},
      {"silence where the echo and another port are told that the host is unreachable",
       port_25()
           .routers(1, 2)
           .silent_knocks(4)
           .port(587)
           .routers(1, 2)
           .unreachable(30, 1, router(3), 3)
           .echo()
           .unreachable(30, 1, router(3), 3),
       "rejected-like-the-echo", "unreachable medium path, last 2 r2, missed 3 ?, suspect none"},
      {"silence where the echo is prohibited and nothing passes",
       port_25()
           .routers(1, 2)
           .silent_knocks(4)
           .port(587)
           .routers(1, 2)
           .unreachable(30, 13, router(2), 3)
           .echo()
           .unreachable(30, 13, router(2), 3),
       "rejected-like-the-echo", "rejected medium path, last 2 r2, missed 3 ?, suspect 2 r2"},
      {"silence where the echo alone is prohibited",
       port_25().routers(1, 2).silent_knocks(4).echo().unreachable(30, 13, router(2), 3), "silence",
       "dropped medium unknown, last 2 r2, missed none, suspect none"},
      {"silence right before a circle that another port shows",
       port_25().routers(1, 2).silent_knocks(4).port(587).routers(1, 4).time_exceeded(5, router(3)), "routers-repeat",
       "loop medium path, last 4 r4, missed 5 r3, suspect none"},
      {"silence where the echo is prohibited and another port passes",
       port_25().routers(1, 2).silent_knocks(4).port(587).routers(1, 5).syn_ack(6).echo().unreachable(30, 13, router(2),
                                                                                                      3),
       "silence", "dropped medium unknown, last 2 r2, missed none, suspect none"},
      {"SYN-ACK two hops short", port_25().routers(1, 3).syn_ack(4).came_back_over(4).echo_at(6),
       "answered-short-of-the-destination", "intercepted high path, last 3 r3, missed 4 ?, suspect none"},
      {"SYN-ACK two hops short, not pinned", port_25().syn_ack(4).echo_at(6), "answered-short-of-the-destination",
       "intercepted medium path, last 0 ?, missed 4 ?, suspect none"},
      {"SYN-ACK one hop short", port_25().routers(1, 4).syn_ack(5).echo_at(6), "answered-short-of-the-destination",
       "intercepted medium edge, last 4 r4, missed 5 r5, suspect 5 r5"},
      {"RST at the distance that travelled one hop less than SYN-ACKs",
       port_25().routers(1, 5).rst(6).came_back_over(5).port(587).routers(1, 5).syn_ack(6).echo_at(6),
       "answer-travelled-one-hop-less", "reset-injected medium edge, last 5 r5, missed 6 target, suspect 5 r5"},
      {"SYN-ACK at the distance that travelled one hop less than the echo reply",
       port_25().routers(1, 5).syn_ack(6).came_back_over(5).echo_at(6).came_back_over(6),
       "answer-travelled-one-hop-less", "intercepted medium edge, last 5 r5, missed 6 target, suspect 5 r5"},
      {"RST at the distance that travelled one hop less than the echo reply, and no port is accepted",
       port_25().routers(1, 5).rst(6).came_back_over(5).echo_at(6).came_back_over(6), "answer-travelled-one-hop-less",
       "reset-injected medium edge, last 5 r5, missed 6 target, suspect 5 r5"},
      {"RST that travelled one hop less than SYN-ACKs, but as far as the echo reply",
       port_25().routers(1, 5).rst(6).came_back_over(5).port(587).routers(1, 5).syn_ack(6).echo_at(6).came_back_over(5),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"RST that travelled one hop less than SYN-ACKs, and not as far as errors of the last router",
       port_25()
           .routers(1, 4)
           .router_answers(5)
           .came_back_over(6)
           .rst(6)
           .came_back_over(5)
           .port(587)
           .routers(1, 4)
           .syn_ack(6)
           .echo_at(6),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"SYN-ACKs that differ say nothing of a RST",
       port_25()
           .routers(1, 5)
           .rst(6)
           .came_back_over(5)
           .port(587)
           .routers(1, 5)
           .syn_ack(6)
           .port(465)
           .routers(1, 5)
           .syn_ack(6)
           .came_back_over(9)
           .echo_at(6),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"another router where echo reaches the host", port_25().routers(1, 6).syn_ack(8).echo_at(6),
       "answered-beyond-the-destination", "intercepted medium path, last 6 r6, missed none, suspect none"},
      {"a late SYN-ACK without a router beyond is lost probes", port_25().routers(1, 5).silent(6).syn_ack(8).echo_at(6),
       "accepted-by-the-destination", "open high"},
      {"ports disagree and nothing anchors them", port_25().routers(1, 2).rst(3).port(587).routers(1, 5).syn_ack(6),
       "answers-disagree", "inconclusive low (unknown-distance) path, last 2 r2, missed 3 r3, suspect none"},
      {"a SYN-ACK that routers lead beyond", port_25().routers(1, 2).syn_ack(3).port(587).routers(1, 5).silent(30),
       "answers-disagree", "inconclusive low (unknown-distance) path, last 2 r2, missed 3 r3, suspect none"},
      {"passed on by the address to what is behind it",
       port_25().routers(1, 5).time_exceeded(6, TraceBuilder::target()).syn_ack(7).echo_at(6),
       "accepted-by-the-destination", "open high"},
      {"passed on by the address, and closed there",
       port_25().routers(1, 5).time_exceeded(6, TraceBuilder::target()).rst(7).echo_at(6), "refused-by-the-destination",
       "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"accepted over other routers than the rest",
       port_25()
           .routers(1, 3)
           .time_exceeded(4, router(24))
           .time_exceeded(5, router(25))
           .syn_ack(6)
           .port(587)
           .routers(1, 5)
           .syn_ack(6)
           .echo_at(6),
       "accepted-by-the-destination", "open medium"},
      {"accepted", port_25().routers(1, 5).syn_ack(6).echo_at(6), "accepted-by-the-destination", "open high"},
      {"accepted, and nothing confirms the distance", port_25().routers(1, 5).syn_ack(6), "accepted-by-the-destination",
       "open medium"},
      {"refused", port_25().routers(1, 5).rst(6).echo_at(6), "refused-by-the-destination",
       "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"refused, and nothing confirms the distance", port_25().routers(1, 5).rst(6), "refused-by-the-destination",
       "refused low destination, last 6 target, missed none, suspect 6 target"},
      {"refused from nearer than it was asked", port_25().routers(1, 5).rst(6).came_back_over(4),
       "refused-by-the-destination",
       "inconclusive low (unknown-distance) unknown, last 5 r5, missed none, suspect none"},
      {"a reset that is not pinned, and nothing confirms the distance", port_25().rst(30), "refused-by-the-destination",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"resets that name no probe", port_25().silent(5).rst(30).unattributed(), "answer-without-probe",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
      {"silence beside a rejection",
       port_25().routers(1, 3).silent_knocks(4).port(587).routers(1, 3).unreachable(30, 13, router(3), 4),
       "silence-beside-a-rejection",
       "inconclusive low (too-few-replies) unknown, last 3 r3, missed none, suspect none"},
      {"silence well beyond a rejection",
       port_25().routers(1, 5).silent_knocks(4).port(587).routers(1, 1).unreachable(30, 13, router(1), 2), "silence",
       "dropped medium unknown, last 5 r5, missed none, suspect none"},
      {"silence on too few source ports", port_25().routers(1, 3).silent_knocks(2), "silence",
       "inconclusive low (too-few-replies) unknown, last 3 r3, missed none, suspect none"},
      {"silence with a control", port_25().routers(1, 3).silent(4).silent_knocks(3).port(587).routers(1, 5).syn_ack(6),
       "silence", "dropped high path, last 3 r3, missed 4 r4, suspect none"},
      {"silence, and the next router that answers is far",
       port_25().routers(1, 2).silent(5).silent_knocks(3).port(587).routers(1, 2).routers(5, 5).syn_ack(6), "silence",
       "dropped high path, last 2 r2, missed 5 r5, suspect none"},
      {"silence, and it was never asked at the hops that others show",
       port_25().routers(1, 3).silent_knocks(3).port(587).routers(1, 5).syn_ack(6), "silence",
       "dropped medium unknown, last 3 r3, missed none, suspect none"},
      {"silence, the echo alone shows the host", port_25().routers(1, 3).silent_knocks(3).echo_at(6), "silence",
       "dropped high unknown, last 3 r3, missed 6 target, suspect none"},
      {"silence, and nothing shows the path beyond", port_25().routers(1, 3).silent_knocks(3), "silence",
       "dropped medium unknown, last 3 r3, missed none, suspect none"},
      {"nothing was ever sent", port_25(), "silence",
       "inconclusive low (too-few-replies) unknown, last 0 ?, missed none, suspect none"},
  };
}

/// Flows and tries that fare differently. Port 587 shows the way, the echo the distance.
std::vector<Row> rows_of_flows() {
  const auto port_25 = [] {
    return TraceBuilder().port(587).routers(1, 5).flow(1).syn_ack(6).flow(2).syn_ack(6).echo_at(6).port(25);
  };
  // The path splits at hop 3: 3 and 33.
  const auto beside = router(33);
  const auto is_blocked = [](std::uint8_t slot) { return slot % 4 == 1 || slot % 4 == 2; };
  const auto two_ways = [&](bool is_reset) {
    TraceBuilder trace = port_25();
    for (std::uint8_t slot = 0; slot < 8; ++slot) {
      trace.flow(slot);
      if (!is_blocked(slot)) {
        trace.time_exceeded(3, beside).syn_ack(6);
      } else if (is_reset) {
        trace.routers(1, 3).silent(4).rst(6);
      } else {
        trace.routers(1, 3).silent(4, 2).silent(6, 4);
      }
    }
    return trace;
  };
  const auto knocks = [&](TraceBuilder trace) {
    for (std::uint8_t slot = 0; slot < 8; ++slot) {
      trace.flow(slot);
      is_blocked(slot) ? trace.silent(6, 4) : trace.syn_ack(6);
    }
    return trace;
  };
  const auto limited = [&](TraceBuilder trace) {
    trace.flow(0).syn_ack(6);
    for (std::uint8_t slot = 1; slot < 10; ++slot) trace.flow(slot).silent(6, 3);
    return trace;
  };
  // Tries are lost, and answered when they come again; so late that it is the last of a flow that is.
  static constexpr Duration kLate = std::chrono::milliseconds(1500);
  const auto half_lost = [] {
    TraceBuilder trace;
    for (const std::uint16_t port : {std::uint16_t{587}, std::uint16_t{25}}) {
      trace.port(port);
      for (std::uint8_t slot = 0; slot < 16; ++slot) trace.flow(slot).silent(6, slot % 3).syn_ack(6).after(kLate);
    }
    return trace.echo_at(6);
  };
  const auto few_lost = [&] {
    TraceBuilder trace = port_25();
    for (std::uint8_t slot = 0; slot < 12; ++slot) {
      trace.flow(slot).silent(6, slot % 5 == 3 ? 2 : (slot == 5 ? 1 : 0)).syn_ack(6).after(kLate);
    }
    trace.port(465);
    for (std::uint8_t slot = 0; slot < 16; ++slot) trace.flow(slot).rst(6);
    trace.port(2525);
    for (std::uint8_t slot = 0; slot < 8; ++slot) trace.flow(slot).rst(6);
    return trace;
  };
  // Of four routers at hop 3 one leads on, and few flows take it.
  const auto few_of_four_ways = [&](TraceBuilder trace) {
    constexpr std::uint8_t kWay = 9;
    for (std::uint8_t slot = 0; slot < 16; ++slot) {
      trace.flow(slot).time_exceeded(3, router(slot % kWay == 0 ? 33 : 30 + slot % 3));
      slot % kWay == 0 ? trace.syn_ack(6) : trace.silent(6, 2);
    }
    return trace;
  };
  return {
      {"flows by one router are silent, those by another pass", two_ways(false), "tries-come-to-nothing",
       "intermittent high (path-dependent) path, last 3 r3, missed 4 ?, suspect none"},
      {"flows by one router are reset, those by another accepted", two_ways(true), "flows-are-answered-differently",
       "intermittent high (path-dependent) path, last 3 r3, missed 4 ?, suspect none"},
      {"silence behind a hop that splits, and a flow of port 587 by the same router",
       TraceBuilder()
           .port(587)
           .routers(1, 2)
           .time_exceeded(3, beside)
           .routers(4, 5)
           .syn_ack(6)
           .flow(1)
           .routers(3, 4)
           .port(25)
           .silent_knocks(6)
           .routers(1, 3)
           .silent(4, 3),
       "silence", "dropped high path, last 3 r3, missed 4 r4, suspect none"},
      {"the same without that flow",
       TraceBuilder()
           .port(587)
           .routers(1, 2)
           .time_exceeded(3, beside)
           .routers(4, 5)
           .syn_ack(6)
           .port(25)
           .silent_knocks(6)
           .routers(1, 3)
           .silent(4, 3),
       "silence", "dropped medium path, last 3 r3, missed 4 ?, suspect none"},
      {"flows by one router of four pass, those by the others are silent", few_of_four_ways(port_25()),
       "tries-come-to-nothing",
       "intermittent high (path-dependent) unknown, last 3 r30, missed 6 target, suspect none"},
      {"one passed at first and nothing since", limited(port_25().routers(1, 2)), "tries-come-to-nothing",
       "inconclusive low (contradictory-replies) unknown, last 2 r2, missed 6 target, suspect none"},
      {"flows are silent and no router tells which", knocks(port_25()), "tries-come-to-nothing",
       "intermittent medium (path-dependent) unknown, last 0 ?, missed 6 target, suspect none"},
      {"of one flow some packets are accepted and others reset",
       port_25().routers(1, 2).rst(4).flow(1).syn_ack(6).flow(2).rst(30).syn_ack(30).flow(3).silent(3, 3),
       "flows-are-answered-differently",
       "intermittent medium (path-dependent) path, last 2 ?, missed 4 ?, suspect none"},
      {"one RST of several travelled farther, and the others begin short of the host",
       port_25().routers(1, 3).rst(4).arrived_with(61).flow(1).rst(5).arrived_with(61).flow(2).rst(30).arrived_with(58),
       "flows-are-answered-differently",
       "intermittent medium (path-dependent) path, last 3 r3, missed 4 ?, suspect 4 r4"},
      {"the same, but each has lost as much as its probe had: one device copies what they have left",
       port_25().routers(1, 3).rst(4).arrived_with(1).flow(1).rst(5).arrived_with(2).flow(2).rst(30).arrived_with(27),
       "answer-copies-its-probe", "reset-injected high path, last 0 ?, missed 4 r4, suspect none"},
      {"a router answers some flows where others are reset",
       port_25()
           .routers(1, 3)
           .flow(1)
           .rst(4)
           .flow(2)
           .router_answers(4)
           .flow(3)
           .router_answers(4)
           .flow(4)
           .rst(30)
           .flow(5)
           .rst(30),
       "flows-are-answered-differently",
       "intermittent medium (path-dependent) path, last 0 ?, missed 4 ?, suspect none"},
      {"the same of a single probe", port_25().routers(1, 3).flow(1).rst(4).flow(2).router_answers(4).flow(4).rst(30),
       "answered-short-of-the-destination", "reset-injected high path, last 3 r3, missed 4 r4, suspect none"},
      {"a flow that met routers beyond what resets it, as their later answers show",
       port_25()
           .rst(30)
           .after(std::chrono::milliseconds(30))
           .routers(1, 2)
           .router_answers(3)
           .after(std::chrono::milliseconds(40))
           .router_answers(5)
           .after(std::chrono::milliseconds(60))
           .flow(1)
           .syn_ack(6)
           .flow(2)
           .syn_ack(30),
       "flows-are-answered-differently",
       "intermittent medium (path-dependent) edge, last 2 r2, missed 6 target, suspect none"},
      {"half of the tries of this port and of another are lost", half_lost(), "accepted-by-the-destination",
       "open high"},
      {"a few tries are lost where hardly any other packet is", few_lost(), "accepted-by-the-destination",
       "open medium"},
      {"one try of many is lost", port_25().routers(1, 5).syn_ack(6).flow(1).silent(6).syn_ack(6).flow(2).syn_ack(6),
       "accepted-by-the-destination", "open high"},
  };
}

/// So many flows of the port chosen last, silent at hop 4 and beyond.
TraceBuilder asked_at_4(TraceBuilder trace, int flows) {
  for (int slot = 0; slot < flows; ++slot) trace.flow(static_cast<std::uint8_t>(slot)).silent(4).silent(5).silent(30);
  return trace;
}

/// A second flow of port 587 goes on behind hop 4, though nobody answered it there.
TraceBuilder one_of_two_pass(TraceBuilder trace) {
  return trace.port(587).flow(1).silent(4).routers(5, 5);
}

/// What is forged beside the truth. Port 587 shows the way, the echo the distance.
std::vector<Row> rows_of_forgers() {
  const auto port_25 = [] { return TraceBuilder().port(587).routers(1, 5).syn_ack(6).echo_at(6).port(25); };
  return {
      {"a RST to a probe that expired at a router",
       port_25().routers(1, 2).routers(2, 2).routers(2, 2).flow(1).rst(3).came_back_over(9).and_time_exceeded(
           router(3)),
       "expired-and-answered", "reset-injected high path, last 2 r2, missed 3 r3, suspect none"},
      {"the same, and all RSTs travelled as far as that router's errors",
       port_25().routers(1, 2).routers(2, 2).routers(2, 2).flow(1).rst(3).came_back_over(3).and_time_exceeded(
           router(3)),
       "expired-and-answered", "reset-injected high path, last 2 r2, missed 3 r3, suspect 3 r3"},
      {"the same, but another RST travelled otherwise",
       port_25()
           .routers(1, 2)
           .routers(2, 2)
           .routers(2, 2)
           .flow(1)
           .rst(3)
           .came_back_over(3)
           .and_time_exceeded(router(3))
           .flow(2)
           .rst(30)
           .arrived_with(28),
       "expired-and-answered", "reset-injected high path, last 2 r2, missed 3 r3, suspect none"},
      {"a RST of a flow whose every probe expired",
       port_25().routers(1, 3).flow(1).routers(3, 4).and_rst().unattributed(), "expired-and-answered",
       "reset-injected medium path, last 0 ?, missed 6 target, suspect none"},
      {"a RST of a flow of which one probe may have reached the host",
       port_25().routers(1, 5).silent(30).flow(1).rst(6), "refused-by-the-destination",
       "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"an error of a time that ended beyond the host is no proof",
       port_25().routers(1, 5).flow(1).rst(6).flow(2).rst(30).and_time_exceeded(router(29)),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"SYN-ACKs to probes that expired, and the host refuses",
       port_25().routers(1, 2).routers(2, 2).routers(2, 2).flow(1).syn_ack(3).and_time_exceeded(router(3)).flow(2).rst(
           6),
       "expired-and-answered", "intercepted high path, last 2 r2, missed 3 r3, suspect 3 r3"},
      {"SYN-ACKs and RSTs to probes that expired",
       port_25().routers(1, 2).flow(1).syn_ack(3).and_rst().and_time_exceeded(router(3)), "expired-and-answered",
       "inconclusive low (contradictory-replies) unknown, last 3 r3, missed 6 target, suspect none"},
      {"a RST that races the SYN-ACK of the host, from short of it",
       port_25().routers(1, 3).routers(3, 3).routers(3, 3).flow(1).rst(4).flow(2).syn_ack(6).and_rst().came_back_over(
           4),
       "accepted-and-reset", "reset-injected high path, last 3 r3, missed 4 r4, suspect 4 r4"},
      {"a RST that races the SYN-ACK, both from where the host is",
       port_25().routers(1, 5).flow(1).syn_ack(6).and_rst(), "accepted-and-reset",
       "reset-injected medium path, last 0 ?, missed 6 target, suspect none"},
      {"a RST that names no probe, of a flow whose every probe was answered",
       port_25().routers(1, 5).syn_ack(6).and_rst().unattributed(), "accepted-and-reset",
       "reset-injected medium path, last 0 ?, missed 6 target, suspect none"},
      {"a SYN-ACK from short of the host, and the host refuses",
       port_25().routers(1, 3).routers(3, 3).routers(3, 3).flow(1).syn_ack(4).flow(2).syn_ack(6).and_rst(),
       "accepted-and-reset", "intercepted high path, last 3 r3, missed 4 r4, suspect none"},
      {"a RST long after the SYN-ACK is the host's that gave up",
       port_25().routers(1, 5).flow(1).syn_ack(6).and_rst().after(std::chrono::seconds(9)),
       "accepted-by-the-destination", "open high"},
      {"an error beside the SYN-ACK of the same probe",
       port_25().routers(1, 5).flow(1).syn_ack(6).and_unreachable(13, router(29), 3), "accepted-by-the-destination",
       "open medium"},
      {"an error in the host's name beside the SYN-ACK",
       port_25().routers(1, 5).flow(1).syn_ack(6).and_unreachable(13, TraceBuilder::target(), 3),
       "accepted-by-the-destination", "open medium"},
      {"errors beside those of routers that others met too, then silence",
       port_25()
           .router_answers(1)
           .router_answers(2)
           .and_unreachable(13, router(2), 2)
           .router_answers(3)
           .and_unreachable(13, router(2), 2)
           .silent_knocks(4),
       "silence", "dropped medium unknown, last 3 r3, missed 6 target, suspect none"},
      {"errors beside those of routers that nobody else met, then silence",
       port_25().routers(1, 2).time_exceeded(3, router(23)).and_unreachable(13, router(2), 2).silent_knocks(4),
       "errors-contradicted",
       "inconclusive low (contradictory-replies) unknown, last 3 r23, missed 6 target, suspect none"},
      {"an error in the host's name from short of it",
       port_25().routers(1, 2).unreachable(30, 13, TraceBuilder::target(), 3), "rejected-on-the-way",
       "rejected medium path, last 2 r2, missed 3 r3, suspect none"},
      {"errors in the host's name at one hop, and routers beyond",
       port_25().routers(1, 5).time_exceeded(2, TraceBuilder::target()).flow(1).syn_ack(6),
       "accepted-by-the-destination", "open high"},
      {"resets that arrive with just so much less than their probes had left",
       port_25().routers(1, 2).flow(1).rst(5).arrived_with(1).and_time_exceeded(router(5)).flow(2).rst(30).arrived_with(
           26),
       "expired-and-answered", "reset-injected medium path, last 0 ?, missed 5 r5, suspect none"},
      {"a RST that races the SYN-ACK, and nothing shows where it begins",
       port_25().routers(1, 5).flow(1).syn_ack(6).flow(2).syn_ack(30).and_rst(), "accepted-and-reset",
       "reset-injected medium path, last 0 ?, missed 6 target, suspect none"},
      {"the same without an error beside them",
       port_25().routers(1, 2).flow(1).rst(6).arrived_with(2).flow(2).rst(30).arrived_with(26),
       "answer-copies-its-probe", "reset-injected high path, last 0 ?, missed 5 r5, suspect none"},
      {"resets that differ by less than ways back do",
       port_25().routers(1, 5).flow(1).rst(6).arrived_with(58).flow(2).rst(7).arrived_with(59),
       "refused-by-the-destination", "refused high destination, last 6 target, missed none, suspect 6 target"},
      {"an error in the host's name at one hop alone, and an answer like the host's",
       port_25().routers(1, 4).time_exceeded(5, TraceBuilder::target()).syn_ack(6), "translated-on-the-way",
       "inconclusive low (contradictory-replies) path, last 4 r4, missed 5 r5, suspect none"},
      {"nowhere is accepted as the port is", port_25().routers(1, 5).syn_ack(6).nowhere_accepts(6),
       "answered-from-nowhere", "intercepted high edge, last 5 r5, missed 6 target, suspect none"},
      {"nowhere is accepted, though not as the port is", port_25().routers(1, 5).syn_ack(6).nowhere_accepts(9),
       "answered-from-nowhere", "intercepted medium edge, last 5 r5, missed 6 target, suspect none"},
      {"nowhere is silent, and the port is not like the others",
       port_25().routers(1, 5).syn_ack(6).arrived_with(250).nowhere_is_silent(), "accepted-by-the-destination",
       "open medium"},
      {"a hop that one of three passing flows sees is not missed by one that is silent",
       port_25()
           .routers(1, 3)
           .silent(4)
           .silent(5)
           .silent_knocks(4)
           .port(587)
           .flow(1)
           .silent(4)
           .routers(5, 5)
           .flow(2)
           .silent(4)
           .routers(5, 5),
       "silence", "dropped high path, last 3 r3, missed 5 r5, suspect none"},
      {"but by one that is silent on nine flows", one_of_two_pass(asked_at_4(port_25().routers(1, 3), 9)), "silence",
       "dropped high path, last 3 r3, missed 4 r4, suspect none"},
      {"and not on eight", one_of_two_pass(asked_at_4(port_25().routers(1, 3), 8)), "silence",
       "dropped high path, last 3 r3, missed 5 r5, suspect none"},
      {"resets that clients ignore, and silence", port_25().routers(1, 3).ignored_reset().silent(4, 3).silent_knocks(3),
       "silence", "dropped high path, last 3 r3, missed 4 r4, suspect none"},
  };
}

std::vector<Row> rows() {
  std::vector<Row> all = rows_of_this_host();
  for (const Row& row : rows_of_the_way()) all.push_back(row);
  for (const Row& row : rows_of_forgers()) all.push_back(row);
  for (const Row& row : rows_of_flows()) all.push_back(row);
  return all;
}

TEST(Rules, DecideWhatTheyAreFor) {
  for (const Row& row : rows()) {
    const verdict::Verdict verdict = judge(row.trace);
    EXPECT_EQ(rule_of(verdict), row.rule) << row.what;
    EXPECT_EQ(in_short(verdict), row.verdict) << row.what;
    for (const verdict::Evidence& evidence : verdict.evidence) EXPECT_FALSE(evidence.text.empty()) << row.what;
  }
}

/// The rule of the second piece of evidence.
std::string second_rule_of(const verdict::Verdict& verdict) {
  return verdict.evidence.size() < 2 ? std::string() : verdict.evidence[1].rule;
}

TEST(Rules, TellOfForgeriesThatDecidedNothing) {
  const auto errors = TraceBuilder().port(25).routers(1, 5).flow(1).syn_ack(6).and_unreachable(13, router(29), 3);
  EXPECT_EQ(second_rule_of(judge(errors)), "forged-errors");
  const auto resets = TraceBuilder().port(25).routers(1, 5).ignored_reset().ignored_reset().flow(1).syn_ack(6);
  EXPECT_EQ(second_rule_of(judge(resets)), "ignored-resets");
  EXPECT_EQ(judge(resets).evidence[1].text.substr(0, 6), "2 RSTs");
  const auto unlike = TraceBuilder().port(587).syn_ack(6).port(25).syn_ack(6).arrived_with(250).nowhere_is_silent();
  ASSERT_EQ(judge(unlike).evidence.size(), 3U);
  EXPECT_EQ(judge(unlike).evidence[1].rule, "unlike-other-ports");
  EXPECT_EQ(judge(unlike).evidence[1].text, "Its SYN-ACK differs from that of port 587 in: initial TTL (255, not 64).");
  EXPECT_EQ(judge(unlike).evidence[2].rule, "nobody-answers-from-nowhere");
}

TEST(Rules, TurnSilenceIntoNoVerdictWhereTheCaptureLostPackets) {
  const auto trace =
      TraceBuilder().port(25).routers(1, 3).silent(4).silent_knocks(5).port(587).routers(1, 5).syn_ack(6);
  const verdict::Verdict verdict = judge(trace, 25, 3);
  EXPECT_EQ(rule_of(verdict), "silence-while-capture-lost");
  EXPECT_EQ(in_short(verdict), "inconclusive low (capture-loss) path, last 3 r3, missed 4 r4, suspect none");
  EXPECT_EQ(in_short(judge(trace, 587, 3)), "open medium") << "answers stay answers";
}

TEST(Rules, AreEachInTheTable) {
  std::set<std::string> decided{"silence-while-capture-lost"};
  for (const Row& row : rows()) decided.insert(row.rule);
  for (const verdict::Rule& rule : verdict::rules()) EXPECT_TRUE(decided.contains(std::string(rule.name))) << rule.name;
}

TEST(Diagnosis, KeepsTheOrderOfThePlanAndLeavesOutAnchorsNeverAsked) {
  TraceBuilder trace;
  trace.port(25).silent(30).port(587, path::Role::Control).silent(30).port(443, path::Role::Anchor);
  const auto diagnosis = verdict::diagnose(trace, trace.plan(), {});
  ASSERT_EQ(diagnosis.ports.size(), 2U);
  EXPECT_EQ(diagnosis.ports[0].port.port, Port{25});
  EXPECT_EQ(diagnosis.ports[1].port.port, Port{587});
  EXPECT_FALSE(diagnosis.distance);
}

TEST(Diagnosis, ReportsAnAnchorThatWasAsked) {
  TraceBuilder trace;
  trace.port(25).silent(30).port(443, path::Role::Anchor).silent(30);
  EXPECT_EQ(verdict::diagnose(trace, trace.plan(), {}).ports.size(), 2U);
}

TEST(VerdictWords, AreThoseOfTheReport) {
  using namespace verdict;
  EXPECT_EQ(to_string(Kind::ResetInjected), "reset-injected");
  EXPECT_EQ(to_string(Kind::NoRoute), "no-route");
  EXPECT_EQ(to_string(Cause::PathDependent), "path-dependent");
  EXPECT_EQ(to_string(Reason::CaptureLoss), "capture-loss");
  EXPECT_EQ(to_string(Place::Edge), "edge");
  EXPECT_EQ(to_string(Confidence::Medium), "medium");
}

}  // namespace
}  // namespace smtpath::test
