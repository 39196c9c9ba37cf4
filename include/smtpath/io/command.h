#pragma once

// One program to be run to its end, and what came of it.

#include <cstddef>
#include <string>
#include <vector>

#include "smtpath/base/time.h"

namespace smtpath::io {

struct Command {
  /// The program is looked up in PATH unless it is named with a slash.
  std::vector<std::string> argv{};
  /// "NAME=value", added to the caller's.
  std::vector<std::string> environment{};
  /// Whether standard input is empty and output is kept; otherwise the caller's three streams are used.
  bool captures = true;
  /// Then the command is killed. Zero: wait for ever.
  Duration timeout{};
  /// Whether it gets nothing of the caller's: no other environment than the above, no descriptor but the three streams.
  bool is_isolated = false;
  /// How many bytes it may write to a file or a stream that is kept; one that would write more is killed. Zero: any.
  std::size_t most_output = 0;
};

struct CommandOutcome {
  /// Of the command as a shell has it: its exit status, or 128 + the signal that ended it.
  int status = 0;
  bool timed_out = false;
  /// What it wrote to standard output and standard error, when captured.
  std::string output;
  std::string errors;
};

}  // namespace smtpath::io
