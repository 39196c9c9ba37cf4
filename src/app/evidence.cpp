#include "app/evidence.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "smtpath/io/host.h"
#include "smtpath/report/plan_json.h"

namespace smtpath::app {

Result<Evidence> Evidence::open(const std::string& path) {
  auto file = io::OutputFile::open(path);
  if (!file) return file.error();
  return Evidence(std::move(file).value());
}

void Evidence::begin(const report::RunPlan& plan, const io::Capture& capture, const std::string& filter) {
  const io::Host host = io::this_host();
  writer_.emplace(io::EvidenceHeader{.comment = report::to_json(plan),
                                     .hardware = host.hardware,
                                     .system = host.system,
                                     .application = fmt::format("smtpath {}", plan.version),
                                     .interface = capture.interface(),
                                     .link = capture.link(),
                                     .filter = filter,
                                     .snap_length = io::Capture::kSnapLength,
                                     .start = plan.started},
                  [this](std::span<const std::byte> block) { file_.write(block); });
}

void Evidence::write(const Frame& frame) {
  if (writer_) writer_->write(frame);
}

void Evidence::write(Time time, const CaptureStatistics& statistics) {
  if (writer_) writer_->write(time, statistics);
}

}  // namespace smtpath::app
