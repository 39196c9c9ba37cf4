#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <variant>

#include "app/commands.h"
#include "app/complain.h"
#include "app/options.h"
#include "smtpath/io/standard_streams.h"

namespace smtpath::app {

namespace {

ExitStatus execute(const Answered& answered) {
  const bool is_written = std::fputs(answered.text.c_str(), answered.is_error ? stderr : stdout) >= 0;
  if (answered.is_error) return ExitStatus::Usage;
  if (is_written && std::fflush(stdout) == 0) return ExitStatus::Success;
  return complain(Error{fmt::format("write standard output: {}", std::strerror(errno))}, ExitStatus::OutputFailed);
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

ExitStatus execute_command_line(int argc, const char* const* argv) {
  try {
    return std::visit([](const auto& what) { return execute(what); }, parse_command_line(argc, argv));
  } catch (const std::exception& bug) {
    // Only running out of memory, or a bug, gets here.
    return complain(Error{bug.what()}, ExitStatus::Internal);
  }
}

}  // namespace

}  // namespace smtpath::app

int main(int argc, char** argv) {
  smtpath::io::hold_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(smtpath::app::execute_command_line(argc, argv));
}
