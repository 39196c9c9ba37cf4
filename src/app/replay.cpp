#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/evidence.h"
#include "app/mail_packets.h"
#include "app/remarks.h"
#include "app/reporter.h"
#include "app/run_report.h"
#include "smtpath/io/capture_file.h"
#include "smtpath/path/observer.h"
#include "smtpath/report/plan_json.h"

namespace smtpath::app {

namespace {

struct Judging {
  const report::RunPlan& plan;
  path::Observer& observer;
  Reporter& reporter;
};

/// Shows the observer what the file holds from `event` on; returns when it ended.
Result<Time> show_all(io::CaptureFile& capture, std::optional<io::FileEvent> event, const Judging& judging) {
  const auto& [plan, observer, reporter] = judging;
  MailPackets packets;
  Time end;
  while (event) {
    if (const auto* frame = std::get_if<Frame>(&*event)) {
      end = std::max(end, frame->time);
      observer.handle_frame(*frame);
      packets.handle_frame(*frame);
    } else {
      const auto& said = std::get<io::FileStatistics>(*event);
      observer.note_statistics(said.end, said.counts);
      if (const auto index = visited_in(said.comment)) packets.begin(*index, plan.plan);
      if (auto judged = judged_in(said.comment)) {
        const auto connections = packets.finish(judged->index, said.end);
        reporter.judge(judged->index, verdict::judge_visits(std::move(judged->visits), connections));
      }
    }
    auto next = capture.next();
    if (!next) return next.error();
    event = std::move(next).value();
  }
  return end;
}

}  // namespace

bool is_evidence(const io::CaptureFile& capture) {
  const auto& comments = capture.section_comments();
  return !comments.empty() && report::is_run_plan(comments.front());
}

std::variant<Replayed, ReplayFailure> replay(io::CaptureFile& capture, Outputs& outputs, report::RunTally& tally) {
  auto first = capture.next();
  if (!first) return ReplayFailure{first.error(), ExitStatus::BadData};
  const auto plan = report::parse_run_plan(capture.section_comments().front());
  if (!plan) {
    return ReplayFailure{Error{fmt::format("{}: {}", capture.name(), plan.error().message)}, ExitStatus::BadData};
  }

  path::Observer observer(plan.value().plan);
  Reporter reporter(plan.value(), observer, outputs, tally);
  outputs.begin(report_beginning(plan.value(), report::Mode::Offline));
  reporter.report_untried();
  const auto last = show_all(capture, first.value(), {plan.value(), observer, reporter});
  if (!last) return ReplayFailure{last.error(), ExitStatus::BadData};
  const auto statistics = capture.statistics();
  const Time end = std::max({plan.value().started, last.value(), statistics ? statistics->end : Time{}});
  observer.finish(end, statistics ? statistics->counts : CaptureStatistics{});
  reporter.judge_rest();
  return Replayed{.ending = report_ending(plan.value(), observer, end), .remark = remark_on(capture)};
}

}  // namespace smtpath::app
