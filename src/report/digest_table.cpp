#include "report/digest_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "report/fold.h"
#include "report/milliseconds.h"
#include "report/paint.h"

namespace smtpath::report {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kPortWidth = 5;
constexpr std::size_t kCountWidth = 7;
constexpr std::size_t kHandshakeWidth = 9;
constexpr std::size_t kRateWidth = 7;
constexpr std::size_t kNumbersWidth = kPortWidth + 2 * kCountWidth + kHandshakeWidth + kRateWidth + 4 * kGap;
constexpr std::size_t kLeastOutcomes = 18;
constexpr std::size_t kLeastServer = std::string_view("server").size();
/// Where the style asks for lines of any length.
constexpr std::size_t kNoFold = 100'000;

struct Layout {
  std::size_t server = kLeastServer;
  /// Before the outcomes.
  std::size_t indent = 0;
  std::size_t outcomes = 0;
};

/// A server whose address does not fit in has a line of its own.
Layout layout_for(std::span<const ServerRows> servers, const TextStyle& style) {
  const std::size_t width = style.width > 0 ? static_cast<std::size_t>(style.width) : kNoFold;
  const std::size_t others = kNumbersWidth + 2 * kGap + kLeastOutcomes;
  const std::size_t most = std::max(width > others ? width - others : 0, kLeastServer);
  Layout layout;
  for (const ServerRows& server : servers) {
    const std::size_t length = to_string(server.server).size();
    if (length <= most) layout.server = std::max(layout.server, length);
  }
  layout.indent = layout.server + kGap + kNumbersWidth + kGap;
  layout.outcomes = width > layout.indent ? width - layout.indent : kLeastOutcomes;
  return layout;
}

std::string handshake_words(const PortRow& row) {
  const auto median = row.handshakes.median();
  return median ? milliseconds_of(*median) + " ms" : std::string("-");
}

std::string rate_words(const PortRow& row) {
  if (row.packets == 0) return "-";
  return fmt::format("{:.1f}%", 100.0 * static_cast<double>(row.retransmissions) / static_cast<double>(row.packets));
}

/// What stands before the outcomes.
struct Cells {
  std::string_view server;
  std::string port;
  std::string connections;
  std::string failed;
  std::string handshake;
  std::string rate;
};

class DigestTable {
 public:
  DigestTable(std::span<const ServerRows> servers, const TextStyle& style)
      : servers_(servers), paint_(style.color), layout_(layout_for(servers, style)) {}

  std::string text() const {
    std::string text = paint_(Color::Bold, line_of({.server = "server",
                                                    .port = "port",
                                                    .connections = "conns",
                                                    .failed = "failed",
                                                    .handshake = "handshake",
                                                    .rate = "retrans"}) +
                                               "outcomes") +
                       '\n';
    for (const ServerRows& server : servers_) text += rows_of(server);
    return text;
  }

 private:
  std::string line_of(const Cells& cells) const {
    return fmt::format("{:<{}}  {:>{}}{:>{}}{:>{}}  {:>{}}  {:>{}}  ", cells.server, layout_.server, cells.port,
                       kPortWidth, cells.connections, kCountWidth + 1, cells.failed, kCountWidth + 1, cells.handshake,
                       kHandshakeWidth, cells.rate, kRateWidth);
  }

  std::string rows_of(const ServerRows& server) const {
    std::string name = to_string(server.server);
    std::string rows;
    if (name.size() > layout_.server) {
      rows += name + '\n';
      name.clear();
    }
    for (const PortRow* row : server.ports) {
      rows += row_of(name, *row);
      name.clear();
    }
    return rows;
  }

  std::string row_of(std::string_view server, const PortRow& row) const {
    const verdict::PortTally& tally = row.tally;
    std::string line = line_of({.server = server,
                                .port = std::to_string(tally.port.number),
                                .connections = std::to_string(tally.connections),
                                .failed = std::to_string(tally.failed),
                                .handshake = handshake_words(row),
                                .rate = rate_words(row)});
    const std::string outcomes = folded(outcome_words(tally), {.width = static_cast<int>(layout_.outcomes)});
    const Color color = tally.failed > 0 ? Color::Red : Color::Green;
    std::string rows;
    for (std::string_view rest = outcomes; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
      rows += line + paint_(color, rest.substr(0, rest.find('\n'))) + '\n';
      line.assign(layout_.indent, ' ');
    }
    return rows;
  }

  std::span<const ServerRows> servers_;
  Paint paint_;
  Layout layout_;
};

}  // namespace

std::string digest_table_of(std::span<const ServerRows> servers, const TextStyle& style) {
  return servers.empty() ? std::string() : DigestTable(servers, style).text();
}

std::string outcome_words(const verdict::PortTally& tally) {
  std::vector<verdict::Outcome> present;
  for (const verdict::Outcome outcome : verdict::kOutcomes) {
    if (tally.count(outcome) > 0) present.push_back(outcome);
  }
  const auto rank = [&](verdict::Outcome outcome) { return std::tuple(!is_failure(outcome), ~tally.count(outcome)); };
  std::stable_sort(present.begin(), present.end(),
                   [&](verdict::Outcome a, verdict::Outcome b) { return rank(a) < rank(b); });
  std::string words;
  for (const verdict::Outcome outcome : present) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", tally.count(outcome), to_string(outcome));
  }
  if (tally.probes > 0) {
    words += fmt::format("{}{} probe{}", words.empty() ? "" : ", ", tally.probes, tally.probes == 1 ? "" : "s");
  }
  return words;
}

}  // namespace smtpath::report
