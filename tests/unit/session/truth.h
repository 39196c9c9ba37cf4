#pragma once

// What another program found in the real captures, and what an observer makes of them, side by side.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "unit/session/captured.h"

namespace smtpath::test {

/// Facts in which the observer knows better.
struct Mistake {
  std::string_view file;
  std::vector<int> streams;
  std::string_view key;
  std::string_view why;
};

using Tuple = std::tuple<std::string, int, std::string, int>;
Tuple tuple_of(const nlohmann::json& connection);
Tuple tuple_of(const session::Session& session);

/// The sessions of a capture by their endpoints, in the order of their beginning.
using Sessions = std::map<Tuple, std::vector<const session::Session*>>;
Sessions sorted(const std::vector<session::Session>& all);

/// Skips where the captures are not.
class TruthTest : public ::testing::Test {
 protected:
  void SetUp() override;

  /// Of each capture, by path: its connections as truth/ has them.
  const std::map<std::string, nlohmann::json>& truths() const { return truths_; }
  /// Dialogues that no real server led.
  bool is_ambiguous(const std::string& path) const;

  /// Fails for each fact that differs from the connection's, but for mistakes.
  void compare(const std::string& path, const nlohmann::json& connection, const nlohmann::json& facts,
               const std::vector<Mistake>& mistakes = {});

 private:
  std::map<std::string, nlohmann::json> truths_;
  std::vector<std::string> ambiguous_;
};

}  // namespace smtpath::test
