// Traces that real programs make over real routers, found in what tcpdump saw of them, against the truth of the network
// and a live run of ours.

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "app/found_traces.h"
#include "netns/program.h"
#include "smtpath/io/capture_file.h"
#include "smtpath/wire/decode.h"

namespace smtpath::test {
namespace {

using io::LabAction;
using nlohmann::json;
using Command = std::vector<std::string>;

/// A program, and how it is asked.
struct Tool {
  std::string name;
  /// To port 25; {port} and {server} are filled in.
  Command command;
  Family family = Family::Ipv4;
  /// Silence on its one source port, or up to so low a TTL, proves too little.
  bool is_silence_enough = true;
};

std::vector<Tool> tools() {
  const Command traceroute{"traceroute", "-n", "-T", "-w", "1", "-m", "20", "-p", "{port}", "{server}"};
  return {{"traceroute", traceroute},
          {"traceroute", traceroute, Family::Ipv6},
          {"tcptraceroute",
           {"tcptraceroute", "-n", "-q", "1", "-w", "1", "-m", "8", "{server}", "{port}"},
           Family::Ipv4,
           false},
          {"mtr", {"mtr", "-n", "-T", "-P", "{port}", "-r", "-c", "1", "-G", "1", "{server}"}}};
}

Command filled_in(Command command, const std::string& port, const std::string& server) {
  for (std::string& word : command) {
    if (word == "{port}") word = port;
    if (word == "{server}") word = server;
  }
  return command;
}

std::string quoted(const Command& command) {
  std::string line;
  for (const std::string& word : command) line += "'" + word + "' ";
  return line;
}

/// Runs the commands one after the other while tcpdump writes `file`, which is whole once a last packet of ours is in.
void capture(const io::Lab& lab, const std::string& file, const std::vector<Command>& commands) {
  std::string script = "tcpdump -i any -s 200 -B 4096 -U --immediate-mode -w " + file + " 2>" + file +
                       ".said & dump=$!; " + "until grep -q listening " + file + ".said; do sleep 0.02; done; ";
  for (const Command& command : commands) script += quoted(command) + ">/dev/null 2>&1; ";
  // tcpdump writes what it has read before it ends; a ping of another kind marks the end of what it must have read.
  script += "ping -c 1 -p deadbeefdeadbeef -W 1 127.0.0.1 >/dev/null; until tcpdump -nXr " + file +
            " icmp 2>/dev/null | grep -q 'dead beef'; do sleep 0.02; done; kill -INT $dump; wait $dump";
  const auto outcome = run_in(lab, {"sh", "-c", script});
  if (outcome.status != 0) throw std::runtime_error(outcome.errors);
}

std::vector<path::FoundTrace> traces_in(const std::string& file) {
  path::ForeignTraces traces({Port{25}});
  auto opened = io::CaptureFile::open(file);
  if (!opened) throw std::runtime_error(opened.error().message);
  while (true) {
    auto next = opened.value().next();
    if (!next) throw std::runtime_error(next.error().message);
    if (!next.value()) return traces.finish();
    const auto* frame = std::get_if<Frame>(&*next.value());
    if (frame == nullptr) continue;
    const auto decoded = wire::decode(frame->link, frame->bytes);
    if (const auto* packet = std::get_if<wire::Packet>(&decoded)) traces.handle_packet(frame->time, *packet);
  }
}

json hop_of(const std::optional<verdict::HopReference>& hop) {
  if (!hop) return nullptr;
  return {{"ttl", hop->ttl.hops}, {"address", hop->address ? json(to_string(*hop->address)) : json()}};
}

json location_of(const verdict::Verdict& verdict) {
  if (!verdict.location) return nullptr;
  const verdict::Location& location = *verdict.location;
  return {{"place", std::string(to_string(location.place))},
          {"last_reached", hop_of(location.last_reached)},
          {"first_missed", hop_of(location.first_missed)},
          {"suspect", hop_of(location.suspect)}};
}

/// The kernel's own limits of ICMP errors would hide hops of the quick tools.
io::LabSpec network(LabAction action) {
  return {.routers = 3,
          .open_ports = {Port{25}, Port{587}, Port{443}},
          .rules = {lab_rule(2, io::LabHook::Forward, Port{25}, action)},
          .limits_icmp = false};
}

void expect_as_live(const io::Lab& lab, const Tool& tool, const std::vector<path::FoundTrace>& found) {
  const std::string server = to_string(lab.server(tool.family));
  const auto live =
      run_in(lab, {kProgram, "trace", "--no-mail", "--json", "-", "-p", "25", "--control", "587,443", server});
  const json report = parse_json(live.output);
  const json& truth = port_of(report.at("targets").at(0), 25);

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].plan.source, lab.client(tool.family));
  const auto judged = app::report_found(found[0], {});
  EXPECT_EQ(judged.address, lab.server(tool.family));
  ASSERT_EQ(judged.ports.size(), 3U);
  const auto& verdict = judged.ports[0].verdict;
  const bool is_enough = tool.is_silence_enough || truth.at("verdict") != "dropped";
  EXPECT_EQ(std::string(to_string(verdict.kind)), is_enough ? truth.at("verdict") : json("inconclusive"))
      << verdict.evidence.front().text;
  EXPECT_EQ(location_of(verdict), truth.at("location"));
}

void trace_and_compare(const Tool& tool, const io::LabSpec& spec) {
  const testing::ScopedTrace shown(__FILE__, __LINE__, tool.name + " over " + std::string(to_string(tool.family)));
  const Folder folder;
  const io::Lab lab = build(spec);
  std::vector<Command> commands;
  for (const auto* port : {"25", "587", "443"}) {
    commands.push_back(filled_in(tool.command, port, to_string(lab.server(tool.family))));
  }
  capture(lab, folder.file("tool.pcap"), commands);
  expect_as_live(lab, tool, traces_in(folder.file("tool.pcap")));
}

/// Tools wait most of their time, so they do it side by side.
void expect_all_tools_as_live(LabAction action) {
  if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  std::vector<std::future<void>> all;
  for (const Tool& tool : tools()) {
    all.push_back(std::async(std::launch::async, [=] { trace_and_compare(tool, network(action)); }));
  }
  for (auto& each : all) each.get();
}

TEST(ForeignTrace, OfADroppedPortIsJudgedAsALiveRunIs) {
  expect_all_tools_as_live(LabAction::Drop);
}

TEST(ForeignTrace, OfAResetPortIsJudgedAsALiveRunIs) {
  expect_all_tools_as_live(LabAction::Reset);
}

}  // namespace
}  // namespace smtpath::test
