#include "report/digest_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "report/digest_table.h"
#include "report/fold.h"
#include "report/json_fields.h"
#include "report/paint.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {

namespace {

constexpr std::size_t kServersShown = 20;
constexpr int kIndent = 2;
constexpr int kDeepIndent = 4;

using Sink = std::function<void(std::string_view)>;

std::string count_of(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// "2026-01-31 23:59:59.123"
std::string moment_of(Time time) {
  std::string text = rfc3339_of(time);
  text[text.find('T')] = ' ';
  text.pop_back();
  return text;
}

std::string size_words(std::uint64_t bytes) {
  constexpr double kThousand = 1000;
  if (bytes < 1000) return count_of(bytes, "byte");
  double size = static_cast<double>(bytes) / kThousand;
  for (const char* unit : {"kB", "MB", "GB"}) {
    if (size < kThousand) return fmt::format("{:.1f} {}", size, unit);
    size /= kThousand;
  }
  return fmt::format("{:.1f} TB", size);
}

std::string span_words(Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration).count();
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (seconds < kMinute) return fmt::format("{:.1f} s", to_milliseconds(duration) / 1000);
  if (seconds < kHour) return fmt::format("{} min {} s", seconds / kMinute, seconds % kMinute);
  if (seconds < kDay) return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
  return fmt::format("{} d {} h", seconds / kDay, seconds % kDay / kHour);
}

std::string endpoint_of(const session::Endpoint& endpoint) {
  const std::string address = to_string(endpoint.address);
  const bool is_plain = endpoint.address.is_ipv4();
  return fmt::format("{}{}{}:{}", is_plain ? "" : "[", address, is_plain ? "" : "]", endpoint.port.number);
}

class DigestText {
 public:
  DigestText(const DigestContents& contents, const TextStyle& style, const Sink& sink)
      : contents_(contents), style_(style), sink_(sink), paint_(style.color) {}

  void write() {
    for (const FileReport& file : contents_.files) write_file(file);
    if (!contents_.files.empty()) sink_("\n");
    write_total();
    if (contents_.connections == 0) return;
    const std::vector<ServerRows> servers = contents_.rows.servers();
    write_servers(servers);
    write_conclusions(servers);
    write_failures();
  }

 private:
  void write_prose(std::string_view text, int indent, Color color = Color::Plain) {
    const std::string lines = folded(text, {.width = style_.width, .indent = indent});
    for (std::string_view rest = lines; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
      sink_(paint_(color, rest.substr(0, rest.find('\n'))) + '\n');
    }
  }

  void write_file(const FileReport& file) {
    std::string text = fmt::format("{}: {}, {}, {}", escaped(file.name), escaped(file.format),
                                   count_of(file.frames, "frame"), size_words(file.bytes));
    if (file.first && file.last) {
      text += fmt::format(", {} UTC, {}", moment_of(*file.first), span_words(between(*file.first, *file.last)));
    }
    write_prose(text, kIndent, Color::Bold);
    for (const std::string& remark : file.remarks) write_prose("  " + escaped(remark), kDeepIndent, Color::Yellow);
  }

  void write_total() {
    if (contents_.connections == 0) return write_prose("No connection to a mail port was found.", kIndent);
    std::string text = fmt::format("{} to mail ports; {} failed", count_of(contents_.connections, "connection"),
                                   contents_.failures == 0 ? "none" : std::to_string(contents_.failures));
    if (contents_.probes > 0) text += fmt::format("; {} were only port checks, scans or traceroutes", contents_.probes);
    write_prose(text + '.', kIndent, contents_.failures > 0 ? Color::Red : Color::Green);
  }

  /// Those whose rows are shown.
  std::span<const ServerRows> shown(const std::vector<ServerRows>& servers) const {
    const std::size_t most = contents_.has_all ? servers.size() : std::min(servers.size(), kServersShown);
    return {servers.data(), most};
  }

  void write_servers(const std::vector<ServerRows>& servers) {
    sink_("\n");
    const auto first = shown(servers);
    sink_(digest_table_of(first, style_));
    const std::span rest(servers.data() + first.size(), servers.size() - first.size());
    std::uint64_t connections = 0;
    std::uint64_t failed = 0;
    for (const ServerRows& server : rest) {
      connections += server.connections;
      failed += server.failed;
    }
    if (!rest.empty()) {
      write_prose(fmt::format("... and {} with {}, of which {} failed; --all shows them.",
                              count_of(rest.size(), "more server"), count_of(connections, "connection"), failed),
                  kIndent, Color::Faint);
    }
    const verdict::PortTally& others = contents_.rows.others().tally;
    if (others.connections == 0) return;
    write_prose(fmt::format("... and {} to more servers than are told apart here: {}.",
                            count_of(others.connections, "connection"), outcome_words(others)),
                kIndent, Color::Faint);
  }

  void write_conclusions(const std::vector<ServerRows>& servers) {
    bool has_any = false;
    for (const ServerRows& server : shown(servers)) {
      std::vector<verdict::PortTally> ports;
      for (const PortRow* row : server.ports) ports.push_back(row->tally);
      std::string text;
      for (const std::string& sentence : verdict::conclusions_on(ports)) text += ' ' + sentence;
      if (text.empty()) continue;
      if (!has_any) sink_("\n");
      has_any = true;
      write_prose(to_string(server.server) + ':' + escaped(text), kIndent, Color::Bold);
    }
  }

  void write_failures() {
    if (contents_.failures == 0) return;
    const std::vector<Failure> failures = contents_.failing.sorted();
    sink_("\n");
    std::string title = fmt::format("{} failed", count_of(contents_.failures, "connection"));
    const std::uint64_t left_out = contents_.failing.left_out();
    if (left_out > 0) {
      title += contents_.has_all ? fmt::format("; the last {}, since more are not kept", failures.size())
                                 : fmt::format("; the last {}, --all shows more", failures.size());
    }
    write_prose(title + ':', kIndent);
    for (const Failure& failure : failures) write_failure(failure);
  }

  void write_failure(const Failure& failure) {
    const std::string head =
        fmt::format("{}  {} > {}  {} at {}", moment_of(failure.started), endpoint_of(failure.client),
                    endpoint_of(failure.server), to_string(failure.outcome), to_string(failure.stage));
    sink_("\n");
    write_prose(head, kIndent, Color::Red);
    write_prose("  " + escaped(failure.text), kIndent);
    for (const std::string& note : failure.notes) write_prose("  " + escaped(note), kIndent);
  }

  const DigestContents& contents_;
  const TextStyle& style_;
  const Sink& sink_;
  Paint paint_;
};

}  // namespace

void write_digest(const DigestContents& contents, const TextStyle& style, const Sink& sink) {
  DigestText(contents, style, sink).write();
}

}  // namespace smtpath::report
