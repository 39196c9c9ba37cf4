#include "app/replay.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "app/run_report.h"
#include "smtpath/io/capture_file.h"
#include "smtpath/path/observer.h"
#include "smtpath/report/plan_json.h"

namespace smtpath::app {

namespace {

std::optional<std::string> remark_on(const io::CaptureFile& capture) {
  const io::Ending ending = capture.ending();
  switch (ending.kind) {
    case io::EndingKind::Whole:
      return std::nullopt;
    case io::EndingKind::CutShort:
      return fmt::format("{}: cut short at byte {}; the report tells of what is there", capture.name(), ending.offset);
    case io::EndingKind::Damaged:
      return fmt::format("{}: damaged at byte {}; the report tells of what comes before", capture.name(),
                         ending.offset);
  }
  return std::nullopt;
}

}  // namespace

std::variant<Replayed, ReplayFailure> replay(const std::string& file) {
  auto opened = io::CaptureFile::open(file);
  if (!opened) return ReplayFailure{opened.error(), ExitStatus::NoInput};
  io::CaptureFile& capture = opened.value();

  auto event = capture.next();
  if (!event) return ReplayFailure{event.error(), ExitStatus::BadData};
  if (capture.section_comments().empty()) {
    return ReplayFailure{Error{fmt::format("{}: not an evidence file of smtpath trace", file)}, ExitStatus::BadData};
  }
  const auto plan = report::parse_run_plan(capture.section_comments().front());
  if (!plan) return ReplayFailure{Error{fmt::format("{}: {}", file, plan.error().message)}, ExitStatus::BadData};

  path::Observer observer(plan.value().plan);
  Time end = plan.value().started;
  while (event.value()) {
    if (const auto* frame = std::get_if<Frame>(&*event.value())) {
      end = std::max(end, frame->time);
      observer.handle_frame(*frame);
    } else {
      const auto& said = std::get<io::FileStatistics>(*event.value());
      observer.note_statistics(said.end, said.counts);
    }
    event = capture.next();
    if (!event) return ReplayFailure{event.error(), ExitStatus::BadData};
  }
  const auto statistics = capture.statistics();
  if (statistics) end = std::max(end, statistics->end);
  observer.finish(end, statistics ? statistics->counts : CaptureStatistics{});
  return Replayed{.report = report_run(plan.value(), observer, report::Mode::Offline, end),
                  .remark = remark_on(capture)};
}

}  // namespace smtpath::app
