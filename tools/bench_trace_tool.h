#pragma once

// The programs that bench_trace sets side by side, each asked for the same ports of one server, without names.

#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::bench {

struct Tool {
  enum class Program : std::uint8_t { Smtpath, Traceroute, Mtr, Nmap, Tcptraceroute };
  Program program;
  /// As the table shows it.
  std::string name;
};

/// smtpath first, the others as far as they are installed: those that are not are named in `missing`.
std::vector<Tool> installed_tools(std::vector<std::string>& missing);

/// What has to be run for all the ports; a program that takes one port only is run once for each.
std::vector<std::vector<std::string>> commands(const Tool& tool, const IpAddress& server,
                                               const std::vector<Port>& ports);

}  // namespace smtpath::bench
