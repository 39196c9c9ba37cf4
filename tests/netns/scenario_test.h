#pragma once

// Scenarios as tests: what the program says of port 25 and where it says so, that it accuses no other port, and that
// the evidence file alone leads to the same report. A test program has one suite of them.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "netns/traced.h"

namespace smtpath::test {

/// For a failing test, which would print a scenario byte by byte without this.
void PrintTo(const Scenario& scenario, std::ostream* stream);

class ScenarioTest : public testing::TestWithParam<std::tuple<Scenario, Family>> {
 public:
  static void TearDownTestSuite();

 protected:
  /// Traces those of the suite that were asked for; for SetUpTestSuite.
  static void start(const std::vector<Scenario>& all);

  void SetUp() override;
  void TearDown() override;

  /// Compares with what is true of it.
  void expect_truth() const;
};

std::string test_name(const testing::TestParamInfo<std::tuple<Scenario, Family>>& tested);

}  // namespace smtpath::test
