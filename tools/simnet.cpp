// Runs a command behind a simulated Internet: simnet [options] -- COMMAND. See --help.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "smtpath/io/file_descriptor.h"
#include "support/internet_lab.h"
#include "support/internet_truth_json.h"

namespace smtpath::test {
namespace {

constexpr int kNoLab = 70;
constexpr int kNoOutput = 74;
constexpr int kNoCommand = 127;

constexpr const char* kAbout =
    R"(Runs COMMAND in a network namespace whose only uplink leads into a simulated Internet: hosts in 10.64.0.0/16
and fd64::/64, each 4 to 16 hops away on a path of its own, answers after 20 to 200 ms. What befalls the ports
25, 465, 587 and 2525 of each is drawn from the seed: open, closed, dropped, reset, rejected or taken over
somewhere, nobody there, deaf, loops. {targets} among COMMAND's arguments becomes all addresses.)";

struct Options {
  InternetSpec spec;
  std::string family = "both";
  std::string list;
  std::string truth;
  bool has_figures = false;
  std::vector<std::string> command;
};

void declare(CLI::App& app, Options& options) {
  Mischief& mischief = options.spec.mischief;
  app.add_option("--targets", options.spec.targets, "How many hosts")
      ->check(CLI::Range(std::size_t{1}, kMostInternetTargets))
      ->capture_default_str();
  app.add_option("--seed", options.spec.seed, "Of all that is drawn")->capture_default_str();
  app.add_option("--family", options.family, "4, 6, or both in turn")
      ->check(CLI::IsMember({"4", "6", "both"}))
      ->capture_default_str();
  app.add_option("--list", options.list, "Write the addresses there, one a line")->type_name("FILE");
  app.add_option("--truth", options.truth, "Write there what may rightly be said of each port, as JSON lines")
      ->type_name("FILE");
  app.add_flag("--labels", mischief.has_labels, "Time exceeded carry MPLS labels (RFC 4950)");
  app.add_flag("--wrong-extensions", mischief.has_wrong_extensions,
               "Each time exceeded comes 256 times, with ICMP extensions of wrong lengths");
  app.add_option("--copies", mischief.copies, "How often each ICMP error comes")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_flag("--figures", options.has_figures, "Say in the end what came over the uplink, on standard error");
  app.add_option("COMMAND", options.command, "After --, with its arguments")->required()->type_name("");
}

InternetFamilies families_of(const std::string& word) {
  if (word == "4") return InternetFamilies::Ipv4;
  if (word == "6") return InternetFamilies::Ipv6;
  return InternetFamilies::Both;
}

bool write_files(const Options& options, const std::vector<InternetTarget>& targets) {
  if (!options.list.empty()) {
    std::ofstream file(options.list);
    for (const InternetTarget& target : targets) file << to_string(target.address) << '\n';
    if (!file.flush()) return false;
  }
  if (options.truth.empty()) return true;
  std::ofstream file(options.truth);
  for (const InternetTarget& target : targets) file << truth_lines(target);
  return static_cast<bool>(file.flush());
}

std::vector<std::string> with_targets(const std::vector<std::string>& words,
                                      const std::vector<InternetTarget>& targets) {
  std::vector<std::string> command;
  for (const std::string& word : words) {
    if (word != "{targets}") {
      command.push_back(word);
      continue;
    }
    for (const InternetTarget& target : targets) command.push_back(to_string(target.address));
  }
  return command;
}

int fail(int status, const std::string& message) {
  fmt::print(stderr, "simnet: {}\n", message);
  return status;
}

int run(const Options& options) {
  const std::vector<InternetTarget> targets = internet_targets(options.spec);
  if (!write_files(options, targets)) return fail(kNoOutput, "cannot write the list or the truth");
  auto lab = InternetLab::build(options.spec);
  if (!lab) return fail(kNoLab, lab.error().message);
  // An interrupt from the terminal is for the command; a handler, unlike SIG_IGN, is not inherited by it.
  std::signal(SIGINT, [](int) {});
  std::signal(SIGQUIT, [](int) {});
  const auto outcome = lab.value().run({.argv = with_targets(options.command, targets), .captures = false});
  if (!outcome) return fail(kNoCommand, outcome.error().message);
  if (options.has_figures) fmt::print(stderr, "simnet: {}\n", to_string(lab.value().finish()));
  return outcome.value().status;
}

}  // namespace
}  // namespace smtpath::test

int main(int argc, char** argv) {
  constexpr int kUsage = 64;
  smtpath::io::reserve_standard_descriptors();
  CLI::App app(smtpath::test::kAbout, "simnet");
  smtpath::test::Options options;
  smtpath::test::declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  options.spec.families = smtpath::test::families_of(options.family);
  return smtpath::test::run(options);
}
