// Traces in captures that nobody of this project made, against what is known of them.

#include "app/found_traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "smtpath/io/capture_file.h"
#include "smtpath/wire/decode.h"
#include "support/shared_captures.h"

namespace smtpath::app {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::vector<Port> kMailPorts{Port{25}, Port{465}, Port{587}, Port{2525}};

/// As far as the file can be read.
std::vector<path::FoundTrace> traces_in(const fs::path& file, const std::vector<Port>& subjects) {
  path::ForeignTraces traces(subjects);
  auto capture = io::CaptureFile::open(file.string());
  if (!capture) return {};
  Time now;
  while (true) {
    auto next = capture.value().next();
    if (!next || !next.value()) return traces.finish();
    const auto* frame = std::get_if<Frame>(&*next.value());
    if (frame == nullptr) continue;
    now = std::max(now, frame->time);
    const auto decoded = wire::decode(frame->link, frame->bytes);
    if (const auto* packet = std::get_if<wire::Packet>(&decoded)) traces.handle_packet(now, *packet);
  }
}

class TracesInRealCaptures : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::shared_captures()) GTEST_SKIP() << test::kNotHere;
  }
};

/// Of its time exceeded, without repetition.
std::vector<std::string> routers_at(const report::HopReport& hop) {
  std::set<std::string> routers;
  for (const report::ReplyReport& reply : hop.replies) {
    if (reply.kind == path::ReplyKind::TimeExceeded) routers.insert(to_string(reply.from));
  }
  return {routers.begin(), routers.end()};
}

std::vector<std::string> true_routers_at(const json& hop) {
  std::set<std::string> routers;
  for (const json& answer : hop.at("answers")) routers.insert(answer.at("from"));
  return {routers.begin(), routers.end()};
}

TEST_F(TracesInRealCaptures, TellTheHopsThatAreTrue) {
  const std::string name = "ferozbaig96_pcaps__traceroute_tcp.pcap";
  const auto found = traces_in(*test::shared_captures() / "other" / name, {Port{80}});
  ASSERT_EQ(found.size(), 1U);
  const auto report = report_found(found[0], {});
  std::ifstream file(*test::shared_captures() / "truth" / (name + ".traceroute.json"));
  const json truth = json::parse(file).at("series").at(0);
  EXPECT_EQ(to_string(found[0].plan.source), truth.at("source"));
  EXPECT_EQ(to_string(found[0].plan.address), truth.at("destination"));

  ASSERT_EQ(report.ports.size(), 1U);
  const auto& hops = report.ports[0].hops;
  ASSERT_EQ(hops.size(), truth.at("hops").size());
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const json& hop = truth.at("hops").at(i);
    EXPECT_EQ(hops[i].ttl.hops, hop.at("ttl"));
    EXPECT_EQ(hops[i].sent, hop.at("probes"));
    EXPECT_EQ(routers_at(hops[i]), true_routers_at(hop)) << "hop " << i + 1;
  }
  EXPECT_EQ(report.ports[0].verdict.kind, verdict::Kind::Open);
}

TEST_F(TracesInRealCaptures, AreNoneWhereNobodyTraced) {
  for (const auto* folder : {"smtp", "other", "robust"}) {
    for (const auto& file : fs::recursive_directory_iterator(*test::shared_captures() / folder)) {
      if (!file.is_regular_file()) continue;
      for (const auto& found : traces_in(file.path(), kMailPorts)) {
        ADD_FAILURE() << file.path() << ": " << report_found(found, {}).notes.at(0);
      }
    }
  }
}

}  // namespace
}  // namespace smtpath::app
