#include "bench_trace_tool.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace smtpath::bench {

namespace {

using Program = Tool::Program;
using Command = std::vector<std::string>;

struct Rival {
  Tool tool;
  std::string executable;
};

const std::vector<Rival>& rivals() {
  static const std::vector<Rival> kAll{{{Program::Traceroute, "traceroute -T"}, "traceroute"},
                                       {{Program::Mtr, "mtr -T -c 3"}, "mtr"},
                                       {{Program::Nmap, "nmap --traceroute"}, "nmap"},
                                       {{Program::Tcptraceroute, "tcptraceroute"}, "tcptraceroute"}};
  return kAll;
}

bool is_installed(const std::string& executable) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + "/" + executable).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string joined(const std::vector<Port>& ports) {
  std::string text;
  for (const Port port : ports) text += (text.empty() ? "" : ",") + std::to_string(port.number);
  return text;
}

template <class CommandFor>
std::vector<Command> for_each_port(const std::vector<Port>& ports, CommandFor command_for) {
  std::vector<Command> commands;
  for (const Port port : ports) commands.push_back(command_for(std::to_string(port.number)));
  return commands;
}

}  // namespace

std::vector<Tool> installed_tools(std::vector<std::string>& missing) {
  std::vector<Tool> tools{{Program::Smtpath, "smtpath trace"}};
  for (const Rival& rival : rivals()) {
    if (is_installed(rival.executable)) {
      tools.push_back(rival.tool);
    } else {
      missing.push_back(rival.executable);
    }
  }
  return tools;
}

std::vector<Command> commands(const Tool& tool, const IpAddress& server, const std::vector<Port>& ports) {
  const std::string address = to_string(server);
  switch (tool.program) {
    case Program::Smtpath:
      return {{SMTPATH_PROGRAM, "trace", "--no-mail", "-n", "-p", joined(ports), address}};
    case Program::Traceroute:
      return for_each_port(
          ports, [&](const std::string& port) { return Command{"traceroute", "-n", "-T", "-p", port, address}; });
    case Program::Mtr:
      return for_each_port(ports, [&](const std::string& port) {
        return Command{"mtr", "-n", "-T", "-c", "3", "--report", "-P", port, address};
      });
    case Program::Nmap:
      return {{"nmap", "-n", "-Pn", "--traceroute", "-p", joined(ports), address}};
    case Program::Tcptraceroute:
      return for_each_port(ports, [&](const std::string& port) {
        return Command{"tcptraceroute", "-n", address, port};
      });
  }
  return {};
}

}  // namespace smtpath::bench
