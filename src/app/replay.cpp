#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/evidence.h"
#include "app/reporter.h"
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

/// Shows the observer what the file holds from `event` on; returns when it ended.
Result<Time> show_all(io::CaptureFile& capture, std::optional<io::FileEvent> event, path::Observer& observer,
                      Reporter& reporter) {
  Time end;
  while (event) {
    if (const auto* frame = std::get_if<Frame>(&*event)) {
      end = std::max(end, frame->time);
      observer.handle_frame(*frame);
    } else {
      const auto& said = std::get<io::FileStatistics>(*event);
      observer.note_statistics(said.end, said.counts);
      if (const auto judged = judged_in(said.comment)) reporter.judge(*judged);
    }
    auto next = capture.next();
    if (!next) return next.error();
    event = std::move(next).value();
  }
  return end;
}

}  // namespace

std::variant<Replayed, ReplayFailure> replay(const std::string& file, Outputs& outputs, report::RunTally& tally) {
  auto opened = io::CaptureFile::open(file);
  if (!opened) return ReplayFailure{opened.error(), ExitStatus::NoInput};
  io::CaptureFile& capture = opened.value();

  auto first = capture.next();
  if (!first) return ReplayFailure{first.error(), ExitStatus::BadData};
  if (capture.section_comments().empty()) {
    return ReplayFailure{Error{fmt::format("{}: not an evidence file of smtpath trace", file)}, ExitStatus::BadData};
  }
  const auto plan = report::parse_run_plan(capture.section_comments().front());
  if (!plan) return ReplayFailure{Error{fmt::format("{}: {}", file, plan.error().message)}, ExitStatus::BadData};

  path::Observer observer(plan.value().plan);
  Reporter reporter(plan.value(), observer, outputs, tally);
  outputs.begin(report_beginning(plan.value(), report::Mode::Offline));
  reporter.report_untried();
  const auto last = show_all(capture, first.value(), observer, reporter);
  if (!last) return ReplayFailure{last.error(), ExitStatus::BadData};
  const auto statistics = capture.statistics();
  const Time end = std::max({plan.value().started, last.value(), statistics ? statistics->end : Time{}});
  observer.finish(end, statistics ? statistics->counts : CaptureStatistics{});
  reporter.judge_rest();
  return Replayed{.ending = report_ending(plan.value(), observer, end), .remark = remark_on(capture)};
}

}  // namespace smtpath::app
