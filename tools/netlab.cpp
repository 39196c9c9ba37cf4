// Runs a command in a lab network: netlab [options] -- COMMAND. See --help.

#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "netlab_options.h"
#include "smtpath/io/file_descriptor.h"
#include "smtpath/io/lab.h"

using smtpath::Family;
using smtpath::io::Lab;
using smtpath::io::LabCommand;

namespace {

constexpr int kNoLab = 70;
constexpr int kNoCommand = 127;

int fail(int status, const smtpath::Error& error) {
  std::fprintf(stderr, "netlab: %s\n", error.message.c_str());
  return status;
}

void replace_all(std::string& text, std::string_view word, const std::string& by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

LabCommand command_for(const Lab& lab, std::vector<std::string> argv) {
  LabCommand command{.argv = std::move(argv), .captures = false};
  const std::array<std::pair<Family, const char*>, 2> families{{{Family::Ipv4, "4"}, {Family::Ipv6, "6"}}};
  for (const auto& [family, digit] : families) {
    const std::string address = to_string(lab.server(family));
    command.environment.push_back(std::string("SMTPATH_LAB_SERVER") + digit + "=" + address);
    for (std::string& word : command.argv) replace_all(word, std::string("{server") + digit + "}", address);
  }
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  smtpath::io::reserve_standard_descriptors();
  NetlabLine line = read_netlab_line(argc, argv);
  if (!line.options) return line.status;
  const auto lab = Lab::build(line.options->spec);
  if (!lab) return fail(kNoLab, lab.error());
  // An interrupt from the terminal is for the command; a handler, unlike SIG_IGN, is not inherited by it.
  std::signal(SIGINT, [](int) {});
  std::signal(SIGQUIT, [](int) {});
  const auto outcome =
      lab.value().run_in(line.options->node, command_for(lab.value(), std::move(line.options->command)));
  if (!outcome) return fail(kNoCommand, outcome.error());
  return outcome.value().status;
}
