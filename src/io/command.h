#pragma once

// Runs one program to its end in a given network namespace, its output kept in memory or left to the caller's streams.

#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/command.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

/// `input` is the command's standard input when it captures; `network` is the namespace that it runs in, or not open
/// for the caller's. The command dies with the caller's thread. An error when it could not be started.
Result<CommandOutcome> run_command(const Command& command, const std::string& input = {},
                                   const FileDescriptor& network = {});

/// Runs a tool on its standard input; an error also when it fails, with the first line of its complaint.
Result<Done> feed(std::vector<std::string> argv, const std::string& input, const FileDescriptor& network = {});

}  // namespace smtpath::io
