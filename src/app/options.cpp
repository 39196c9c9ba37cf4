#include "app/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "app/port_list.h"
#include "app/version.h"

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

const char* const kAbout = "Names the hop that blocks a mail port, and proves it with packets.";

/// What CLI11 fills in before it becomes options.
struct Words {
  TraceOptions trace;
  AnalyzeOptions analyze;
  DemoOptions demo;
  std::string ports;
  std::string control;
  bool only_ipv4 = false;
  bool only_ipv6 = false;
  bool without_names = false;
  bool without_mail = false;
  int first_ttl = 1;
  int max_ttl = 30;
  double wait_seconds = 0;
  double greeting_seconds = 0;
  std::string source;
  AuthOptions auth;
  std::string color = "auto";
};

void add_output_options(CLI::App& command, OutputOptions& output, std::string& color) {
  command.add_option("--json", output.json, "Write the report as JSON (- is standard output, instead of text)")
      ->type_name("FILE");
  command.add_option("--jsonl", output.json_lines, "Write one line of JSON a target, as soon as it is known")
      ->type_name("FILE");
  command.add_option("--color", color, "Colours in the text: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  command.add_flag("-v,--verbose", output.verbose, "Show every piece of evidence");
  command.add_flag("--quiet", output.quiet, "No text and no progress: exit status and files only");
}

void add_auth_options(CLI::App& command, AuthOptions& auth) {
  command.add_option("--auth", auth.user, "Try to log in as this user, inside TLS only; asks for the password")
      ->excludes("--no-mail")
      ->type_name("USER");
  command
      .add_option("--auth-password-file", auth.password_file, "Its first line is the password (- is standard input)")
      ->needs("--auth")
      ->type_name("FILE");
  command.add_option("--auth-password-fd", auth.password_descriptor, "The same of a descriptor that is open already")
      ->needs("--auth")
      ->excludes("--auth-password-file")
      ->check(CLI::NonNegativeNumber)
      ->type_name("FD");
}

void add_trace(CLI::App& app, Words& words) {
  TraceOptions& trace = words.trace;
  CLI::App& command = *app.add_subcommand("trace", "Trace mail ports live; needs root or CAP_NET_RAW");
  command.add_option("TARGET", trace.targets, "Hosts or addresses");
  command.add_option("--targets", trace.target_list, "Trace those too, one a line (- is standard input)")
      ->type_name("FILE");
  command.add_option("-p,--ports", words.ports, "The ports in question (25, beside 465, 587 and 2525 as controls)")
      ->type_name("PORTS");
  command.add_option("--control", words.control, "Ports that show how far the host is, or none")->type_name("PORTS");
  command.add_flag("-4", words.only_ipv4, "IPv4 only");
  command.add_flag("-6", words.only_ipv6, "IPv6 only")->excludes("-4");
  command.add_flag("--mx", trace.is_mail, "TARGET is a mail domain or mailbox: trace its mail exchangers");
  command.add_option("--resolver", trace.resolver.server, "Ask this name server instead of the configured ones")
      ->type_name("ADDRESS");
  command.add_option("--trust-anchor", trace.resolver.trust_anchor, "DNSSEC begins with these keys, not the root's")
      ->type_name("FILE");
  command.add_flag("-n", words.without_names, "No names of hops");
  command.add_option("-f,--first", words.first_ttl, "First TTL")->check(CLI::Range(1, 255))->type_name("TTL");
  command.add_option("-m,--max-hops", words.max_ttl, "Largest TTL (30)")->check(CLI::Range(1, 255))->type_name("TTL");
  command.add_option("-q,--tries", trace.tracer.tries, "Probes of each TTL on the way (1)")
      ->check(CLI::Range(1, 10))
      ->type_name("TRIES");
  command.add_option("-w,--wait", words.wait_seconds, "Wait so long for a reply (adaptive)")
      ->check(CLI::Range(0.05, 60.0))
      ->type_name("SECONDS");
  command.add_option("--flows", trace.tracer.flows, "Further source ports before silence counts (5)")
      ->check(CLI::Range(1, 15))
      ->type_name("N");
  command.add_option("--rate", trace.rate, "Probes a second at most (1000)")
      ->check(CLI::Range(1, 100000))
      ->type_name("PPS");
  command.add_option("-i,--interface", trace.interface, "Send and capture on this interface only")->type_name("IFACE");
  command.add_option("-s,--source", words.source, "Send from this address of this host")->type_name("ADDRESS");
  command.add_option("--user", trace.user, "Become this user once all is open (nobody)")->type_name("NAME");
  command.add_flag("--no-mail", words.without_mail, "Only the path, not the mail dialogue");
  add_auth_options(command, words.auth);
  command.add_option("--greeting-wait", words.greeting_seconds, "Wait so long for a server's greeting (30)")
      ->check(CLI::Range(1.0, 600.0))
      ->type_name("SECONDS");
  command.add_option("--write", trace.evidence, "Keep the evidence as pcapng (- is standard output, instead of text)")
      ->type_name("FILE");
  add_output_options(command, trace.output, words.color);
}

void add_analyze(CLI::App& app, Words& words) {
  CLI::App& command =
      *app.add_subcommand("analyze", "Judge the mail connections in saved captures, without privileges");
  AnalyzeOptions& analyze = words.analyze;
  command
      .add_option("FILE", analyze.files,
                  "Captures: pcap, pcapng, compressed or not; or written by trace --write (- is standard input)")
      ->required();
  command.add_option("-p,--ports", words.ports, "Ports where mail is expected [25,465,587,2525]")->type_name("PORTS");
  command.add_option("--filter", analyze.filter, "Look only at packets that match (pcap-filter syntax)")
      ->type_name("EXPRESSION");
  command.add_flag("--separate", analyze.is_separate, "Each file for itself, not merged by time");
  command.add_flag("--all", analyze.shows_all, "Long lists unfolded");
  add_output_options(command, words.analyze.output, words.color);
}

void add_demo(CLI::App& app, Words& words) {
  CLI::App& command = *app.add_subcommand("demo", "Trace a small network of namespaces with a block in it; needs root");
  add_output_options(command, words.demo.output, words.color);
}

Result<std::vector<path::PortPlan>> chosen_ports(const CLI::App& command, const Words& words) {
  const bool has_subjects = command.count("--ports") > 0;
  const bool has_controls = command.count("--control") > 0;
  PortChoice choice;
  if (has_subjects) choice.subjects = words.ports;
  if (has_controls) choice.controls = words.control;
  return choose_ports(choice);
}

/// A password that is tried at every host of a list has been given away.
std::optional<Error> flaw_of(const AuthOptions& auth, const TraceOptions& trace) {
  const bool is_list = trace.target_list || trace.targets.size() > 1;
  if (is_list) return Error{"--auth: a password is for one server: name one TARGET, and no --targets"};
  if (trace.is_mail) return Error{"--auth: a password is for one server, and --mx leads to several: name the server"};
  if (auth.user.empty()) return Error{"--auth: no user named"};
  constexpr Port kBetweenServers{25};
  const bool is_in_vain = std::all_of(trace.ports.begin(), trace.ports.end(),
                                      [&](const path::PortPlan& port) { return port.port == kBetweenServers; });
  if (is_in_vain) return Error{"--auth: nobody logs in on port 25: name a port where mail is submitted"};
  return std::nullopt;
}

Duration to_duration(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

std::optional<Error> complete(TraceOptions& trace, const CLI::App& command, const Words& words) {
  if (trace.targets.empty() && !trace.target_list) return Error{"TARGET is required, or --targets FILE"};
  auto ports = chosen_ports(command, words);
  if (!ports) return ports.error();
  trace.ports = std::move(ports).value();
  if (words.only_ipv4) trace.family = Family::Ipv4;
  if (words.only_ipv6) trace.family = Family::Ipv6;
  if (words.first_ttl > words.max_ttl) {
    return Error{fmt::format("-f {} lies beyond -m {}", words.first_ttl, words.max_ttl)};
  }
  trace.tracer.first_ttl = Ttl{static_cast<std::uint8_t>(words.first_ttl)};
  trace.tracer.max_ttl = Ttl{static_cast<std::uint8_t>(words.max_ttl)};
  if (command.count("--wait") > 0) trace.tracer.wait = to_duration(words.wait_seconds);
  trace.has_hop_names = !words.without_names;
  if (trace.resolver.server && !io::is_dns_server(*trace.resolver.server)) {
    return Error{fmt::format("--resolver {}: not an address", *trace.resolver.server)};
  }
  trace.visits_mail = !words.without_mail;
  if (command.count("--greeting-wait") > 0) trace.greeting_wait = to_duration(words.greeting_seconds);
  if (command.count("--source") > 0) {
    trace.source = IpAddress::parse(words.source);
    if (!trace.source) return Error{fmt::format("-s {}: not an address", words.source)};
  }
  if (command.count("--auth") > 0) {
    if (auto flaw = flaw_of(words.auth, trace)) return flaw;
    trace.auth = words.auth;
  }
  return std::nullopt;
}

std::optional<Error> complete(AnalyzeOptions& analyze, const CLI::App& command, const Words& words) {
  if (command.count("--ports") == 0) return std::nullopt;
  auto ports = parse_ports(words.ports);
  if (!ports) return ports.error();
  analyze.ports = std::move(ports).value();
  return std::nullopt;
}

std::optional<Error> complete(OutputOptions& output, const std::optional<std::string>& evidence,
                              const std::string& color) {
  if (color == "always") output.color = ColorChoice::Always;
  if (color == "never") output.color = ColorChoice::Never;
  std::vector<std::string_view> on_standard_output;
  if (output.json == "-") on_standard_output.emplace_back("--json");
  if (output.json_lines == "-") on_standard_output.emplace_back("--jsonl");
  if (evidence == "-") on_standard_output.emplace_back("--write");
  if (on_standard_output.size() > 1) {
    return Error{
        fmt::format("{} and {} cannot both use standard output", on_standard_output[0], on_standard_output[1])};
  }
  output.has_text = on_standard_output.empty() && !output.quiet;
  return std::nullopt;
}

Answered usage_error(const std::string& message) {
  return {.text = fmt::format("smtpath: {}\n", message), .is_error = true};
}

template <class Options>
Command with_output(Options options, const std::optional<std::string>& evidence, const std::string& color) {
  if (const auto error = complete(options.output, evidence, color)) return usage_error(error->message);
  return options;
}

/// CLI11 only misses a command; the user wants to know which word is none.
std::string message_of(const CLI::ParseError& error, const CLI::App& app, const char* first_word) {
  const bool is_wrong_command = app.get_subcommands().empty() && first_word != nullptr && first_word[0] != '-';
  return is_wrong_command ? fmt::format("{}: no such command", first_word) : error.what();
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app{kAbout, "smtpath"};
  app.set_version_flag("--version", fmt::format("smtpath {}", kVersion));
  app.require_subcommand(1);
  Words words;
  add_trace(app, words);
  add_analyze(app, words);
  add_demo(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Answered{.text = app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Answered{.text = fmt::format("{}\n", version.what())};
  } catch (const CLI::ParseError& error) {
    const std::string message = message_of(error, app, argc > 1 ? argv[1] : nullptr);
    return usage_error(fmt::format("{} (smtpath --help tells more)", message));
  }
  const CLI::App& command = *app.get_subcommands().front();
  if (command.get_name() == "analyze") {
    if (const auto error = complete(words.analyze, command, words)) return usage_error(error->message);
    return with_output(words.analyze, std::nullopt, words.color);
  }
  if (command.get_name() == "demo") return with_output(words.demo, std::nullopt, words.color);
  if (const auto error = complete(words.trace, command, words)) return usage_error(error->message);
  return with_output(words.trace, words.trace.evidence, words.color);
}

}  // namespace smtpath::app
