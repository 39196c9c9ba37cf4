#include "app/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "app/analysis.h"
#include "app/remarks.h"
#include "smtpath/io/merged_captures.h"
#include "smtpath/io/packet_filter.h"

namespace smtpath::app {

namespace {

/// Frames between two looks at the clock and at Ctrl-C.
constexpr std::uint64_t kFramesInARow = 4096;

class Examination {
 public:
  Examination(std::vector<io::CaptureFile> captures, const ExaminationOptions& options, const ExaminationHooks& hooks)
      : captures_(io::MergedCaptures::of(std::move(captures))),
        hooks_(hooks),
        analysis_(options.ports, [this](const report::ConnectionReport& connection) { take(connection); }),
        result_{.digest = report::Digest(options.keeps_all),
                .tally = {},
                .files = {},
                .capture = {},
                .first = {},
                .last = {},
                .traces = {},
                .errors = {}} {
    for (std::size_t i = 0; i < captures_.file_count(); ++i) {
      result_.files.push_back({});
      result_.files.back().name = captures_.file(i).name();
    }
    statistics_.resize(captures_.file_count());
    if (!options.filter) return;
    auto filter = io::PacketFilter::compile(*options.filter);
    if (filter) filter_.emplace(std::move(filter).value());
  }

  Examined run() && {
    read_all();
    result_.traces = analysis_.finish();
    result_.capture = analysis_.capture();
    result_.first = analysis_.first();
    result_.last = analysis_.last();
    for (std::size_t i = 0; i < captures_.file_count(); ++i) describe(captures_.file(i), result_.files[i]);
    return std::move(result_);
  }

 private:
  void read_all() {
    while (true) {
      auto event = captures_.next();
      const bool is_time_to_look = !event || seen_ % kFramesInARow == 0;
      if (is_time_to_look && !hooks_.goes_on(captures_.bytes_read())) {
        result_.was_cut_off = true;
        return;
      }
      if (!event) {
        result_.errors.push_back(event.error());
        continue;
      }
      if (!event.value()) return;
      if (const auto* frame = std::get_if<Frame>(&*event.value())) {
        show(*frame);
      } else {
        note(std::get<io::FileStatistics>(*event.value()));
      }
    }
  }

  void show(const Frame& frame) {
    ++seen_;
    report::FileReport& file = result_.files[captures_.current()];
    ++file.frames;
    file.first = file.first ? std::min(*file.first, frame.time) : frame.time;
    file.last = file.last ? std::max(*file.last, frame.time) : frame.time;
    if (filter_ && !filter_->matches(frame)) return;
    if (!analysis_.first()) hooks_.start(frame.time);
    analysis_.handle_frame(frame);
  }

  void note(const io::FileStatistics& said) {
    statistics_.at(captures_.current()) = said.counts;
    CaptureStatistics all;
    for (const CaptureStatistics& each : statistics_) {
      all.received += each.received;
      all.dropped += each.dropped;
    }
    analysis_.note_statistics(said.end, all);
  }

  void take(const report::ConnectionReport& connection) {
    result_.digest.add(connection);
    result_.tally.add(connection);
    hooks_.take(connection);
  }

  void describe(const io::CaptureFile& capture, report::FileReport& file) const {
    file.format = capture.format();
    file.bytes = capture.bytes_read();
    if (result_.was_cut_off) return;
    if (const auto remark = remark_on(capture)) file.remarks.push_back(*remark);
    const auto said = capture.statistics();
    if (said && said->counts.dropped > 0) {
      file.remarks.push_back(
          fmt::format("{}: {} packets were lost when it was captured; what is missing may be its fault", capture.name(),
                      said->counts.dropped));
    }
  }

  io::MergedCaptures captures_;
  const ExaminationHooks& hooks_;
  Analysis analysis_;
  std::optional<io::PacketFilter> filter_;
  Examined result_;
  /// Of each file, as it said last.
  std::vector<CaptureStatistics> statistics_;
  std::uint64_t seen_ = 0;
};

}  // namespace

Examined examine(std::vector<io::CaptureFile> captures, const ExaminationOptions& options,
                 const ExaminationHooks& hooks) {
  return Examination(std::move(captures), options, hooks).run();
}

}  // namespace smtpath::app
