#include "app/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <system_error>
#include <utility>

#include "smtpath/io/host.h"
#include "smtpath/report/plan_json.h"
#include "smtpath/report/visit_json.h"

namespace smtpath::app {

namespace {

constexpr std::string_view kJudged = "judged ";
constexpr std::string_view kVisited = "visited ";

/// The number behind the word, and what stands behind that and a blank; absent: it is another comment.
std::optional<std::pair<std::size_t, std::string_view>> parts_of(std::string_view comment, std::string_view word) {
  if (!comment.starts_with(word)) return std::nullopt;
  comment.remove_prefix(word.size());
  std::size_t index = 0;
  const char* const last = comment.data() + comment.size();
  const auto [end, error] = std::from_chars(comment.data(), last, index);
  if (error != std::errc{} || (end != last && *end != ' ')) return std::nullopt;
  comment.remove_prefix(std::min(comment.size(), static_cast<std::size_t>(end - comment.data()) + 1));
  return std::pair{index, comment};
}

}  // namespace

std::string judged(std::size_t index, const std::vector<verdict::MailFacts>& visits) {
  std::string comment = fmt::format("{}{}", kJudged, index);
  if (!visits.empty()) comment += ' ' + report::to_json(visits);
  return comment;
}

std::optional<Judged> judged_in(std::string_view comment) {
  const auto parts = parts_of(comment, kJudged);
  if (!parts) return std::nullopt;
  Judged judged{.index = parts->first, .visits = {}};
  if (auto visits = report::parse_visits(parts->second)) judged.visits = std::move(visits).value();
  return judged;
}

std::string visited(std::size_t index) {
  return fmt::format("{}{}", kVisited, index);
}

std::optional<std::size_t> visited_in(std::string_view comment) {
  const auto parts = parts_of(comment, kVisited);
  if (!parts) return std::nullopt;
  return parts->first;
}

Result<Evidence> Evidence::open(const std::string& path) {
  auto file = io::OutputFile::open(path);
  if (!file) return file.error();
  return Evidence(std::move(file).value());
}

Result<Done> Evidence::begin(const report::RunPlan& plan, const io::Capture& capture, const std::string& filter) {
  std::string comment = report::to_json(plan);
  if (comment.size() > io::PcapngWriter::kLongestComment) {
    return Error{fmt::format("--write: the plan of {} targets is too long for an evidence file ({} MiB)",
                             plan.plan.targets.size(), comment.size() >> 20U)};
  }
  const io::Host host = io::this_host();
  writer_.emplace(io::EvidenceHeader{.comment = std::move(comment),
                                     .hardware = host.hardware,
                                     .system = host.system,
                                     .application = fmt::format("smtpath {}", plan.version),
                                     .interface = capture.interface(),
                                     .link = capture.link(),
                                     .filter = filter,
                                     .snap_length = io::Capture::kSnapLength,
                                     .start = plan.started},
                  [this](std::span<const std::byte> block) { file_.write(block); });
  return Done{};
}

void Evidence::write(const Frame& frame) {
  if (!writer_) return;
  if (is_holding_) {
    held_.push_back({.frame = frame, .bytes = {frame.bytes.begin(), frame.bytes.end()}});
  } else {
    writer_->write(frame);
  }
}

void Evidence::release() {
  is_holding_ = false;
  for (Held& held : held_) {
    held.frame.bytes = held.bytes;
    writer_->write(held.frame);
  }
  held_.clear();
}

void Evidence::write_secret(std::string_view line) {
  if (!writer_) return;
  std::string lines(line);
  if (!lines.ends_with('\n')) lines += '\n';
  writer_->write_secrets(lines);
}

void Evidence::write(Time time, const CaptureStatistics& statistics, std::string_view comment) {
  if (!writer_) return;
  release();
  writer_->write(time, statistics, comment);
}

}  // namespace smtpath::app
