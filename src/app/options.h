#pragma once

// The command line as values: what each command was asked to do. Parsing checks everything that needs no look at the
// system; a mistake is a usage error that names the option and the word.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/plan.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::app {

enum class ColorChoice : std::uint8_t { Auto, Always, Never };

/// What trace and analyze share. "-" is standard output.
struct OutputOptions {
  std::optional<std::string> json;
  std::optional<std::string> json_lines;
  ColorChoice color = ColorChoice::Auto;
  bool verbose = false;
  bool quiet = false;
  /// Whether the report goes to standard output as text: not when that is quiet, or taken by another output.
  bool has_text = true;
};

struct TraceOptions {
  std::vector<std::string> targets;
  /// A file of more targets; "-" is standard input.
  std::optional<std::string> target_list;
  /// In the order asked, controls after, anchors last.
  std::vector<path::PortPlan> ports;
  std::optional<Family> family;
  probing::TracerOptions tracer;
  /// Probes a second, over all targets.
  int rate = 1000;
  std::optional<std::string> interface;
  std::optional<IpAddress> source;
  std::string user = "nobody";
  /// Open mail ports are visited as a mail client would.
  bool visits_mail = true;
  /// How long a server may take to greet.
  Duration greeting_wait = std::chrono::seconds(30);
  /// Where the evidence goes; "-" is standard output.
  std::optional<std::string> evidence;
  OutputOptions output;
};

struct AnalyzeOptions {
  std::vector<std::string> files;
  /// Where mail is expected; empty: the usual ports.
  std::vector<Port> ports;
  /// In the language of pcap-filter(7).
  std::optional<std::string> filter;
  /// Each file is a capture of its own, not a part of one.
  bool is_separate = false;
  /// Long lists are shown whole.
  bool shows_all = false;
  OutputOptions output;
};

struct DemoOptions {
  OutputOptions output;
};

/// Nothing left to do: help or version text for standard output, or a usage error for standard error.
struct Answered {
  std::string text;
  bool is_error = false;
};

using Command = std::variant<Answered, TraceOptions, AnalyzeOptions, DemoOptions>;

Command parse_command_line(int argc, const char* const* argv);

}  // namespace smtpath::app
