#include "netns/hostile_lab.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "netns/program.h"

namespace smtpath::test {

namespace {

using nlohmann::json;

constexpr std::array kPorts{25, 465, 587, 2525};

}  // namespace

io::LabSpec disturbed_network() {
  return {.open_ports = {Port{25}, Port{465}, Port{587}},
          .rules = {io::lab_rule(4, io::LabHook::Forward, Port{25}, io::LabAction::Drop),
                    io::lab_rule(2, io::LabHook::Forward, Port{465}, io::LabAction::AdminProhibited)},
          .limits_icmp = false};
}

void expect_same_or_unknown(const json& disturbed, const json& peaceful) {
  for (const int number : kPorts) {
    const json& port = port_of(disturbed, number);
    const json& before = port_of(peaceful, number);
    SCOPED_TRACE(std::to_string(number) + ": " + port.at("evidence").dump());
    if (port.at("verdict") == "inconclusive") {
      EXPECT_EQ(port.at("reason"), "capture-loss");
      continue;
    }
    EXPECT_EQ(port.at("verdict"), before.at("verdict"));
    EXPECT_EQ(port.at("location"), before.at("location"));
  }
}

std::size_t count_inconclusive(const json& target) {
  std::size_t count = 0;
  for (const int number : kPorts) count += port_of(target, number).at("verdict") == "inconclusive" ? 1U : 0U;
  return count;
}

}  // namespace smtpath::test
