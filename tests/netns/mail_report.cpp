#include "netns/mail_report.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace smtpath::test {

MailRun visit(const MailBench& bench, const std::vector<std::string>& arguments) {
  const Folder folder;
  const std::string evidence = folder.file("run.pcapng");
  std::vector<std::string> argv{"-n", "--json", "-", "--write", evidence};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto begin = std::chrono::steady_clock::now();
  const io::LabOutcome outcome = bench.trace(argv);
  MailRun run;
  run.time = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  run.report = parse_json(outcome.output);
  run.output = outcome.output;
  run.errors = outcome.errors;
  run.replayed = parse_json(run_here({kProgram, "analyze", "--json", "-", evidence}).output);
  run.text = run_here({kProgram, "analyze", evidence}).output;
  return run;
}

const nlohmann::json& mail_of(const nlohmann::json& report, const IpAddress& address, int port) {
  const nlohmann::json& targets = report.at("targets");
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const auto& target) { return target.at("address") == to_string(address); });
  if (found == targets.end()) throw std::runtime_error("no target " + to_string(address));
  return port_of(*found, port).at("mail");
}

}  // namespace smtpath::test
