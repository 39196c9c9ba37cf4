#pragma once

// What the program says of visits to mail servers: one run over many of them, and the same judged again from the
// evidence.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "netns/mail_bench.h"

namespace smtpath::test {

struct MailRun {
  nlohmann::json report;
  /// Of the evidence of that run.
  nlohmann::json replayed;
  /// The same for a person to read.
  std::string text;
  /// All that was printed as JSON.
  std::string output;
  std::string errors;
  std::chrono::milliseconds time{};
};

/// `arguments` without the outputs. Throws where the report is none.
MailRun visit(const MailBench& bench, const std::vector<std::string>& arguments);

/// Of the target with that address.
const nlohmann::json& mail_of(const nlohmann::json& report, const IpAddress& address, int port = 25);

}  // namespace smtpath::test
