#include "smtpath/report/text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/common_words.h"
#include "report/fold.h"
#include "report/hop_table.h"
#include "report/hop_words.h"
#include "report/mail_words.h"
#include "report/milliseconds.h"
#include "report/paint.h"
#include "report/rewriting_words.h"
#include "report/utf8.h"
#include "report/where.h"
#include "smtpath/path/icmp_name.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {

namespace {

constexpr std::size_t kEvidenceShown = 3;
constexpr std::size_t kConfidenceWidth = std::string_view("(medium)").size();
constexpr int kRuleWidth = 40;
constexpr std::size_t kFindingsShown = 6;

/// Open, or a control that the server does not offer: nothing to prove at length.
bool is_ordinary(const PortReport& port) {
  return color_of(port) == Color::Green || color_of(port) == Color::Plain;
}

std::string numbers_of(const TargetReport& target, bool subjects) {
  std::string numbers;
  for (const PortReport& port : target.ports) {
    if ((port.role == path::Role::Subject) != subjects) continue;
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(port.port.number);
  }
  return numbers;
}

std::string name_of(const TargetReport& target) {
  const std::string name = escaped(target.target);
  if (!target.address || name == to_string(*target.address)) return name;
  return fmt::format("{} ({})", name, to_string(*target.address));
}

std::string title_of(const TargetReport& target) {
  if (!target.distance) return name_of(target) + ", distance unknown";
  return fmt::format("{}, {} {} away", name_of(target), target.distance->hops,
                     target.distance->hops == 1 ? "hop" : "hops");
}

std::string subtitle_of(const TargetReport& target) {
  std::string subtitle;
  if (target.source) {
    const facts::Vantage& source = *target.source;
    subtitle = source.address.is_unspecified() ? std::string("no address to send from")
                                               : fmt::format("from {}", to_string(source.address));
    if (!source.interface.empty()) subtitle += " on " + escaped(source.interface);
    if (!target.source->user.empty()) subtitle += " as " + escaped(target.source->user);
    subtitle += "; ";
  }
  const std::string subjects = numbers_of(target, true);
  const std::string controls = numbers_of(target, false);
  subtitle += (subjects.find(',') == std::string::npos ? "port " : "ports ") + subjects;
  if (!controls.empty()) subtitle += ", compared with " + controls;
  return subtitle;
}

/// "intermittent, path-dependent"
std::string verdict_words(const verdict::Verdict& verdict) {
  std::string words(to_string(verdict.kind));
  if (verdict.cause) words += fmt::format(", {}", to_string(*verdict.cause));
  if (verdict.reason) words += fmt::format(", {}", to_string(*verdict.reason));
  return words;
}

std::string name_of(const IcmpReport& icmp) {
  return path::icmp_name(icmp.from.family(), icmp.type, icmp.code);
}

std::string where_or_answer(const PortReport& port) {
  if (port.verdict.location) {
    const std::string where = words_of(*port.verdict.location);
    return port.answer.icmp ? fmt::format("{}: {}", where, name_of(*port.answer.icmp)) : where;
  }
  if (port.answer.rtt) return fmt::format("answered in {} ms", milliseconds_of(*port.answer.rtt));
  return {};
}

std::string reply_words(const ReplyReport& reply) {
  std::string words = fmt::format("{} from {} in {} ms, arrived with TTL {}, flow {}", to_string(reply.kind),
                                  to_string(reply.from), milliseconds_of(reply.rtt), reply.ttl.hops, reply.flow);
  if (reply.icmp) words += fmt::format(", {}", name_of(*reply.icmp));
  if (reply.quoted_ttl && reply.quoted_ttl != Ttl{1}) words += fmt::format(", quoted TTL {}", reply.quoted_ttl->hops);
  for (const path::QuoteChange& change : reply.changes) words += ", " + words_on(change);
  for (const wire::MplsLabel& label : reply.mpls) words += " " + words_on(label);
  return words;
}

/// Line by line: a colour never reaches over the end of one.
std::string painted_lines(const Paint& paint, std::string_view lines, Color color) {
  std::string painted;
  for (; !lines.empty(); lines.remove_prefix(lines.find('\n') + 1)) {
    painted += paint(color, lines.substr(0, lines.find('\n'))) + '\n';
  }
  return painted;
}

class TargetText {
 public:
  TargetText(const TargetReport& target, const TextStyle& style) : target_(target), style_(style), paint_(style.color) {
    for (const PortReport& port : target.ports) {
      port_width_ = std::max(port_width_, std::to_string(port.port.number).size());
      verdict_width_ = std::max(verdict_width_, verdict_words(port.verdict).size());
    }
  }

  std::string text() const {
    if (target_.error) return prose(escaped(target_.error->text), 2, Color::Red);
    std::string text = prose(title_of(target_), 2, Color::Bold) + prose(subtitle_of(target_), 2);
    if (!target_.ports.empty()) text += '\n' + hop_table_of(target_, style_) + '\n';
    for (const PortReport& port : target_.ports) text += verdict_of(port);
    text += '\n';
    for (const std::string& note : target_.notes) text += prose("Note: " + escaped(note), 6);
    for (const Remark& remark : target_.remarks) text += prose("Note: " + escaped(remark.text), 6);
    if (!target_.notes.empty() || !target_.remarks.empty()) text += '\n';
    return text + prose(escaped(target_.conclusion), 0, Color::Bold);
  }

 private:
  std::string prose(std::string_view text, int indent, Color color = Color::Plain) const {
    return painted_lines(paint_, folded(text, {.width = style_.width, .indent = indent}), color);
  }

  /// The place follows on the same line where it fits, else it begins the next one.
  std::string verdict_of(const PortReport& port) const {
    const std::string words = verdict_words(port.verdict);
    const std::string confidence = fmt::format("({})", to_string(port.verdict.confidence));
    const std::string where = where_or_answer(port);
    std::string line = fmt::format("{:>{}}  {:<{}}  {:<{}}  ", port.port.number, port_width_, words, verdict_width_,
                                   confidence, kConfidenceWidth);

    const std::size_t width = line.size() + columns_of(where);
    const bool fits = style_.width <= 0 || width <= static_cast<std::size_t>(style_.width);
    if (fits) line += where;
    line.erase(line.find_last_not_of(' ') + 1);
    const std::size_t painted = port_width_ + 2 + words.size();
    const std::string text = paint_(color_of(port), line.substr(0, painted)) + line.substr(painted) + '\n';
    return text + (fits ? "" : indented(where)) + evidence_of(port);
  }

  std::string evidence_of(const PortReport& port) const {
    const std::size_t most = is_ordinary(port) ? 1 : kEvidenceShown;
    const auto& evidence = port.verdict.evidence;
    const std::size_t shown = style_.verbose ? evidence.size() : std::min(evidence.size(), most);

    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += indented("- " + escaped(evidence[i].text));
    if (port.mail) text += mail_of(*port.mail);
    if (style_.verbose) text += replies_of(port);
    return text;
  }

  std::string mail_of(const verdict::JudgedVisit& visit) const {
    std::string text;
    for (const std::string& line : lines_on(visit)) text += indented("- " + line);
    const std::string times = style_.verbose ? times_of(visit) : std::string();
    if (!times.empty()) text += indented("- " + times);
    return text;
  }

  std::string replies_of(const PortReport& port) const {
    std::string text;
    for (const HopReport& hop : port.hops) {
      const std::string start = fmt::format("TTL {}: ", hop.ttl.hops);
      if (hop.replies.empty()) text += indented(fmt::format("{}{} sent, no reply", start, hop.sent));
      for (const ReplyReport& reply : hop.replies) text += indented(start + reply_words(reply));
    }
    return text;
  }

  /// Beneath a port's verdict.
  std::string indented(const std::string& text) const {
    const std::size_t indent = port_width_ + 2;
    const Folding folding{.width = style_.width, .indent = static_cast<int>(indent) + 2};
    return folded(std::string(indent, ' ') + text, folding);
  }

  const TargetReport& target_;
  const TextStyle& style_;
  Paint paint_;
  std::size_t port_width_ = 0;
  std::size_t verdict_width_ = 0;
};

std::string capture_words(const RunEnding& run, bool verbose) {
  std::string words = fmt::format("{} packets captured", run.capture.packets);
  if (run.capture.dropped > 0) words += fmt::format(", {} lost by the capture", run.capture.dropped);
  for (const auto& [reason, count] : run.capture.undecodable) {
    if (verbose) words += fmt::format(", {} {}", count, escaped(reason));
  }
  return words + fmt::format("; {:.1f} s", to_milliseconds(run.elapsed) / 1000);
}

}  // namespace

std::string text_of(const TargetReport& target, const TextStyle& style) {
  return TargetText(target, style).text();
}

std::string rule_between_targets() {
  return fmt::format("\n{:─<{}}\n\n", "", kRuleWidth);
}

std::string text_of(const RunTally& tally, const TextStyle& style) {
  const std::vector<verdict::CommonBlock> blocks = tally.common_blocks();
  if (blocks.empty()) return {};
  const std::size_t shown = style.verbose ? blocks.size() : std::min(blocks.size(), kFindingsShown);
  const Paint paint(style.color);
  std::string text = rule_between_targets();
  const auto write = [&](const std::string& prose, Color color) {
    text += painted_lines(paint, folded(prose, {.width = style.width, .indent = 2}), color);
  };
  write(fmt::format("{} targets together", tally.targets()), Color::Bold);
  for (std::size_t i = 0; i < shown; ++i) write("- " + sentence_on(blocks[i]), Color::Bold);
  if (shown < blocks.size()) {
    write(fmt::format("... and {} more that fewer of them share; -v shows them.", blocks.size() - shown), Color::Faint);
  }
  return text;
}

std::string text_of(const RunEnding& run, const TextStyle& style) {
  return '\n' + folded(capture_words(run, style.verbose), {.width = style.width, .indent = 2});
}

}  // namespace smtpath::report
