// Where the path splits, as the flows of a trace show it.

#include "smtpath/path/branches.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using test::TraceBuilder;

IpAddress other(int hop) {
  return TraceBuilder::router(100 + hop);
}

/// "3: 2 of 4 flows by packet": the routers and the flows at each hop that has several.
std::string splits_in(const PathTrace& trace) {
  std::string text;
  for (const SplitHop& hop : split_hops(trace)) {
    text += (text.empty() ? "" : ", ") + std::to_string(hop.ttl.hops) + ": " + std::to_string(hop.routers.size()) +
            " of " + std::to_string(hop.flows) + (hop.is_by_packet ? " by packet" : "");
  }
  return text;
}

TraceBuilder port_25() {
  return TraceBuilder().port(25).routers(1, 5);
}

struct Row {
  const char* what;
  TraceBuilder trace;
  const char* splits;
};

std::vector<Row> rows() {
  const IpAddress target = TraceBuilder::target();
  return {
      {"nothing is known", TraceBuilder(), ""},
      {"one flow", port_25(), ""},
      {"flows that meet the same routers", port_25().flow(1).routers(1, 5), ""},
      {"a flow that meets another", port_25().flow(1).routers(1, 2).time_exceeded(3, other(3)), "3: 2 of 2"},
      {"a flow of another port", port_25().port(587).routers(2, 2).time_exceeded(3, other(3)), "3: 2 of 2"},
      {"the echo is a flow too", port_25().echo().time_exceeded(3, other(3)), "3: 2 of 2"},
      {"by rising TTL, those of each hop for themselves",
       port_25().flow(1).time_exceeded(4, other(4)).time_exceeded(2, other(2)).flow(2).routers(4, 4),
       "2: 2 of 2, 4: 2 of 3"},
      {"one flow meets two of them", port_25().time_exceeded(3, other(3)), "3: 2 of 1 by packet"},
      {"the target itself is no router", port_25().flow(1).time_exceeded(3, target), ""},
      {"who turns probes back is compared with others who do",
       port_25().flow(1).unreachable(30, 13, other(3), 3).flow(2).unreachable(30, 13, other(13), 3), "3: 2 of 2"},
      {"and not with those that let them pass", port_25().flow(1).unreachable(30, 13, other(3), 3), ""},
      {"the target's own unreachable is no branch",
       port_25().flow(1).unreachable(30, 13, target, 3).flow(2).unreachable(30, 13, other(3), 3), ""},
  };
}

TEST(Branches, AreHopsWhereFlowsMeetDifferentRouters) {
  for (const Row& row : rows()) EXPECT_EQ(splits_in(row.trace), row.splits) << row.what;
}

TEST(Branches, NameTheirRoutersInTheOrderInWhichTheyWereSeen) {
  const auto hops = split_hops(port_25().flow(1).time_exceeded(3, other(9)).flow(2).time_exceeded(3, other(3)));
  ASSERT_EQ(hops.size(), 1U);
  EXPECT_EQ(hops[0].routers, (std::vector{TraceBuilder::router(3), other(9), other(3)}));
}

TEST(Branches, KnowTheFirstRouterThatAFlowMet) {
  const IpAddress target = TraceBuilder::target();
  const PathTrace trace = port_25().time_exceeded(3, other(3)).time_exceeded(6, target).silent(7);
  const FlowTrace& flow = trace.flows[0];
  EXPECT_EQ(router_met(flow, Ttl{3}, target), TraceBuilder::router(3));
  EXPECT_FALSE(router_met(flow, Ttl{6}, target)) << "the target is no router";
  EXPECT_FALSE(router_met(flow, Ttl{7}, target));
  EXPECT_FALSE(router_met(flow, Ttl{8}, target));
}

// The numbers of the paper, for 95 % (table 1).
TEST(Branches, AreCountedOutByAsManyFlowsAsTheMultipathDetectionAlgorithmAsks) {
  EXPECT_EQ(flows_to_rule_out_more(1), 6);
  EXPECT_EQ(flows_to_rule_out_more(2), 11);
  EXPECT_EQ(flows_to_rule_out_more(3), 16);
  EXPECT_EQ(flows_to_rule_out_more(4), 21);
}

// The rule itself, by the chance that a further router stays hidden.
TEST(Branches, LeaveAFurtherRouterUnseenInOneOfTwentyCasesAtMost) {
  for (int routers = 1; routers <= 16; ++routers) {
    const auto missed = [&](int flows) {
      return (routers + 1) * std::pow(static_cast<double>(routers) / (routers + 1), flows);
    };
    EXPECT_LE(missed(flows_to_rule_out_more(routers)), 0.05) << routers;
    EXPECT_GT(missed(flows_to_rule_out_more(routers) - 1), 0.05) << routers;
  }
}

}  // namespace
}  // namespace smtpath::path
