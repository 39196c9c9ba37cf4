#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include "app/commands.h"
#include "app/complain.h"
#include "app/options.h"

namespace smtpath::app {

namespace {

ExitStatus execute(const Answered& answered) {
  const bool is_written = std::fputs(answered.text.c_str(), answered.is_error ? stderr : stdout) >= 0;
  if (answered.is_error) return ExitStatus::Usage;
  return is_written && std::fflush(stdout) == 0 ? ExitStatus::Success : ExitStatus::OutputFailed;
}

ExitStatus execute(const TraceOptions& options) {
  return trace(options);
}
ExitStatus execute(const AnalyzeOptions& options) {
  return analyze(options);
}
ExitStatus execute(const DemoOptions& options) {
  return demo(options);
}

}  // namespace

}  // namespace smtpath::app

int main(int argc, char** argv) {
  using namespace smtpath::app;
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const Command command = parse_command_line(argc, argv);
    return static_cast<int>(std::visit([](const auto& what) { return execute(what); }, command));
  } catch (const std::exception& bug) {
    // Only running out of memory, or a bug, gets here.
    return static_cast<int>(complain(smtpath::Error{bug.what()}, ExitStatus::Internal));
  }
}
