#include "app/evidence.h"

#include <fmt/format.h>

#include <charconv>
#include <span>
#include <system_error>
#include <utility>

#include "smtpath/io/host.h"
#include "smtpath/report/plan_json.h"

namespace smtpath::app {

namespace {

constexpr std::string_view kJudged = "judged ";

}  // namespace

std::string judged(std::size_t index) {
  return fmt::format("{}{}", kJudged, index);
}

std::optional<std::size_t> judged_in(std::string_view comment) {
  if (!comment.starts_with(kJudged)) return std::nullopt;
  comment.remove_prefix(kJudged.size());
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(comment.data(), comment.data() + comment.size(), index);
  if (error != std::errc{} || end != comment.data() + comment.size()) return std::nullopt;
  return index;
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
  if (writer_) writer_->write(frame);
}

void Evidence::write(Time time, const CaptureStatistics& statistics, std::string_view comment) {
  if (writer_) writer_->write(time, statistics, comment);
}

}  // namespace smtpath::app
