#pragma once

// The command line of netlab, read into a lab and the command to run in it.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/lab_spec.h"

struct NetlabOptions {
  smtpath::io::LabSpec spec;
  /// The node that the command runs in.
  int node = 0;
  std::vector<std::string> command;
};

/// Either options, or the status to exit with: help was asked for and printed, or the line is wrong and was told so.
struct NetlabLine {
  std::optional<NetlabOptions> options;
  int status = 0;
};

NetlabLine read_netlab_line(int argc, char** argv);
