#include "bench_trace_situation.h"

#include <array>
#include <chrono>

namespace smtpath::bench {

namespace {

using namespace std::chrono_literals;
using io::LabAction;
using io::LabHook;
using io::LabLink;
using io::LabSpec;

constexpr Port kSubject{25};
const std::vector<Port> kMailPorts{Port{25}, Port{465}, Port{587}, Port{2525}};

/// A round trip to the server takes 40 ms, most of it beyond the first router.
std::vector<LabLink> forty_milliseconds() {
  constexpr std::array kPositions{1, 4, 7, 10};
  constexpr Duration kOneWay = 20ms / kPositions.size();
  std::vector<LabLink> links;
  for (const int position : kPositions) links.push_back({.position = position, .one_way_delay = kOneWay});
  return links;
}

}  // namespace

std::vector<Situation> situations() {
  std::vector<Situation> all;
  all.push_back({.name = "a",
                 .about = "5 routers, 25 dropped in the middle, 587 open",
                 .network = LabSpec{.routers = 5,
                                    .open_ports = {Port{25}, Port{587}},
                                    .rules = {lab_rule(3, LabHook::Forward, kSubject, LabAction::Drop)}},
                 .ports = {Port{25}, Port{587}},
                 .expected_status = 1,
                 .bars = {.least_ratio_to_traceroute = 5}});
  all.push_back({.name = "b",
                 .about = "12 hops, 40 ms, 25 of four ports dropped",
                 .network = LabSpec{.routers = 11,
                                    .open_ports = kMailPorts,
                                    .rules = {lab_rule(6, LabHook::Forward, kSubject, LabAction::Drop)},
                                    .links = forty_milliseconds()},
                 .ports = kMailPorts,
                 .expected_status = 1,
                 .bars = {.most_seconds = 2.5}});
  all.push_back({.name = "c",
                 .about = "5 routers, all four ports open",
                 .network = LabSpec{.routers = 5, .open_ports = kMailPorts},
                 .ports = kMailPorts});
  all.push_back({.name = "d",
                 .about = "15 hops, all four ports open",
                 .network = LabSpec{.routers = 14, .open_ports = kMailPorts},
                 .ports = kMailPorts,
                 .bars = {.most_probes = 250}});
  all.push_back({.name = "e",
                 .about = "15 hops, 25 of four ports dropped",
                 .network = LabSpec{.routers = 14,
                                    .open_ports = kMailPorts,
                                    .rules = {lab_rule(7, LabHook::Forward, kSubject, LabAction::Drop)}},
                 .ports = kMailPorts,
                 .expected_status = 1,
                 .bars = {.most_probes = 250}});
  return all;
}

}  // namespace smtpath::bench
