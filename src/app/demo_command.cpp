#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "app/commands.h"
#include "app/complain.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/lab.h"

namespace smtpath::app {

namespace {

io::LabSpec demo_network() {
  io::LabSpec spec{.routers = 5, .open_ports = {Port{25}, Port{465}, Port{587}}};
  spec.rules.push_back(io::lab_rule(3, io::LabHook::Forward, Port{25}, io::LabAction::Reset));
  spec.rules.push_back(io::lab_rule(4, io::LabHook::Forward, Port{465}, io::LabAction::Drop));
  return spec;
}

}  // namespace

ExitStatus demo(const DemoOptions& options) {
  if (::geteuid() != 0) {
    return complain(Error{"demo: needs root, to build a network of its own: run it with sudo"},
                    ExitStatus::NoPermission);
  }
  auto lab = io::Lab::build(demo_network());
  if (!lab) return complain(lab.error(), ExitStatus::Internal);
  std::vector<std::string> argv{std::filesystem::read_symlink("/proc/self/exe").string(), "trace", "--no-mail",
                                to_string(lab.value().server(Family::Ipv4))};
  if (options.output.json) argv.insert(argv.end(), {"--json", *options.output.json});
  if (options.output.json_lines) argv.insert(argv.end(), {"--jsonl", *options.output.json_lines});
  if (options.output.color == ColorChoice::Always) argv.insert(argv.end(), {"--color", "always"});
  if (options.output.color == ColorChoice::Never) argv.insert(argv.end(), {"--color", "never"});
  if (options.output.verbose) argv.emplace_back("--verbose");
  if (options.output.quiet) argv.emplace_back("--quiet");
  // A Ctrl-C is for the trace, which says what it knows; the network stays until it has.
  auto interrupt = io::Interrupt::open();
  if (!interrupt) return complain(interrupt.error(), ExitStatus::Internal);
  const auto outcome =
      lab.value().run_in(0, {.argv = argv, .environment = {}, .captures = false, .timeout = std::chrono::minutes(1)});
  if (!outcome) return complain(outcome.error(), ExitStatus::Internal);
  if (interrupt.value().arrived()) return ExitStatus::Interrupted;
  // The demo network blocks port 25 on purpose: the trace has done its work when it says so.
  return outcome.value().status == static_cast<int>(ExitStatus::Trouble)
             ? ExitStatus::Success
             : static_cast<ExitStatus>(outcome.value().status);
}

}  // namespace smtpath::app
