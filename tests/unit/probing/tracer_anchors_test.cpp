// When ports 443 and 80 are asked.

#include <gtest/gtest.h>

#include <array>

#include "support/network_builder.h"
#include "unit/probing/sent_probes.h"

namespace smtpath::test {
namespace {

struct Row {
  const char* what;
  NetworkPath path;
  bool asks_anchors;
};

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};

NetworkBuilder all_reset_at_hop_3(NetworkBuilder builder) {
  builder.at(3);
  for (const auto port : std::to_array<std::uint16_t>({25, 465, 587, 2525})) builder.resets(Port{port});
  return builder;
}

NetworkBuilder all_dropped_at_hop_3(NetworkBuilder builder) {
  builder.at(3);
  for (const auto port : std::to_array<std::uint16_t>({25, 465, 587, 2525})) builder.drops(Port{port});
  return builder;
}

TEST(TracerAnchors, AreAskedOnlyWhereTheyAreNeeded) {
  const Row rows[] = {
      {"echo and an open port", routers(5).server().open(kSmtp), false},
      {"echo, and ports that are closed", routers(5), false},
      {"no echo, two ports open", routers(5).server().open(kSmtp).open(kSubmission).echo(false), false},
      {"no echo, only resets agree", routers(5).server().echo(false), true},
      {"no echo, a device resets every port", all_reset_at_hop_3(routers(5)).server().echo(false), true},
      {"no echo, only resets agree, and one port is taken over short of them",
       routers(5).at(2).redirects(kSmtp).server().echo(false), true},
      {"no echo, nothing answers", all_dropped_at_hop_3(routers(5)).server().echo(false), true},
      {"echo, and no TCP answer", all_dropped_at_hop_3(routers(5)), true},
  };
  for (const Row& row : rows) {
    const auto run = trace_path(row.path);
    EXPECT_TRUE(run.finished) << row.what;
    EXPECT_EQ(has_asked(run, Port{443}), row.asks_anchors) << row.what;
    EXPECT_EQ(has_asked(run, Port{80}), row.asks_anchors) << row.what;
  }
}

TEST(TracerAnchors, AreAskedForASinglePortWithoutEcho) {
  const auto run =
      trace_path(routers(5).server().open(kSmtp).echo(false), {},
                 {{.port = kSmtp, .role = path::Role::Subject}, {.port = Port{443}, .role = path::Role::Anchor}});
  EXPECT_TRUE(has_asked(run, Port{443})) << "one answering port never confirms itself";
}

TEST(TracerAnchors, AreNotInventedWhereThePlanHasNone) {
  const auto run = trace_path(all_dropped_at_hop_3(routers(5)).server().echo(false), {},
                              {{.port = kSmtp, .role = path::Role::Subject}});
  EXPECT_TRUE(run.finished);
  EXPECT_FALSE(has_asked(run, Port{443}));
}

}  // namespace
}  // namespace smtpath::test
