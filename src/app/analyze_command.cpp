#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/commands.h"
#include "app/complain.h"
#include "app/examination.h"
#include "app/outputs.h"
#include "app/progress.h"
#include "app/replay.h"
#include "app/separate_run.h"
#include "app/version.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/packet_filter.h"
#include "smtpath/io/privileges.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

/// Files that take less need no progress.
constexpr Duration kPatience = 1s;
constexpr double kMebibyte = 1024.0 * 1024.0;

void add(report::CaptureReport& whole, const report::CaptureReport& part) {
  whole.packets += part.packets;
  whole.dropped += part.dropped;
  for (const auto& [reason, count] : part.undecodable) whole.undecodable[reason] += count;
}

class Analyzing {
 public:
  Analyzing(const AnalyzeOptions& options, Outputs outputs, io::Interrupt interrupt)
      : options_(options),
        outputs_(std::move(outputs)),
        interrupt_(std::move(interrupt)),
        progress_(!options.output.quiet, kPatience) {}

  ExitStatus run() {
    open_inputs();
    if (captures_.empty() && evidence_.empty()) return give_up();
    if (options_.is_separate) {
      examine_apart();
    } else if (!captures_.empty()) {
      examine_together();
    }
    replay_evidence();
    progress_.clear();
    begin(Time{});
    outputs_.end(tally_, connections_, whole_);
    const auto written = outputs_.finish();
    if (!written) return complain(written.error(), ExitStatus::OutputFailed);
    return status();
  }

 private:
  /// Opens all of them, then lets privileges go, then looks what each is.
  void open_inputs() {
    std::vector<io::CaptureFile> opened;
    for (const std::string& file : options_.files) {
      auto capture = io::CaptureFile::open(file);
      if (capture) {
        capture.value().interrupt_by(interrupt_.descriptor());
        opened.push_back(std::move(capture).value());
      } else {
        note_failure(capture.error(), ExitStatus::NoInput);
      }
    }
    drop_privileges();
    for (io::CaptureFile& capture : opened) {
      const auto looked = capture.look_ahead();
      if (!looked) {
        note_failure(looked.error(), ExitStatus::BadData);
      } else {
        (is_evidence(capture) ? evidence_ : captures_).push_back(std::move(capture));
      }
    }
  }

  /// What packets come in, nobody reads them as root. There may be no such user, and nothing to be dropped.
  static void drop_privileges() {
    if (geteuid() != 0) return;
    static_cast<void>(io::assume_user("nobody"));
    static_cast<void>(io::drop_all());
  }

  ExitStatus give_up() {
    outputs_.abandon();
    return failure_.value_or(ExitStatus::NoInput);
  }

  void note_failure(const Error& error, ExitStatus status) {
    progress_.clear();
    complain(error, status);
    if (!failure_) failure_ = status;
  }

  void begin(Time started) { outputs_.begin({.version = kVersion, .mode = report::Mode::Offline, .started = started}); }

  bool goes_on(std::uint64_t bytes) {
    const Time now = io::now();
    if (progress_.is_due(now)) {
      progress_.show(
          now, fmt::format("reading: {:.0f} MiB, {} connections", static_cast<double>(bytes) / kMebibyte, shown_));
    }
    was_interrupted_ = was_interrupted_ || interrupt_.arrived();
    return !was_interrupted_;
  }

  ExaminationOptions examination_options() const {
    return {.ports = options_.ports, .filter = options_.filter, .keeps_all = options_.shows_all};
  }

  void examine_together() {
    const ExaminationHooks hooks{.start = [this](Time started) { begin(started); },
                                 .take =
                                     [this](const report::ConnectionReport& connection) {
                                       ++shown_;
                                       outputs_.write(connection);
                                     },
                                 .goes_on = [this](std::uint64_t bytes) { return goes_on(bytes); }};
    Examined examined = examine(std::move(captures_), examination_options(), hooks);
    conclude(examined);
    begin(Time{});
    write_traces(examined);
  }

  void examine_apart() {
    std::vector<Examined> with_traces;
    const SeparateHooks hooks{.take =
                                  [&](Examined& examined, KeptConnections& kept) {
                                    if (examined.first) begin(*examined.first);
                                    const auto written = outputs_.write(kept);
                                    if (!written) note_failure(written.error(), ExitStatus::Internal);
                                    conclude(examined);
                                    if (!examined.traces.empty()) with_traces.push_back(std::move(examined));
                                  },
                              .goes_on = [this](std::uint64_t bytes) { return goes_on(bytes); }};
    examine_separately(std::move(captures_),
                       {.examination = examination_options(),
                        .wants_document = outputs_.wants_document(),
                        .wants_lines = outputs_.wants_lines()},
                       hooks);
    begin(Time{});
    for (const Examined& examined : with_traces) write_traces(examined);
  }

  void conclude(const Examined& examined) {
    progress_.clear();
    for (const Error& error : examined.errors) note_failure(error, ExitStatus::BadData);
    outputs_.write(examined.digest, examined.files);
    for (const report::FileReport& file : examined.files) {
      const bool is_of_no_use = file.frames == 0 && !file.remarks.empty();
      if (is_of_no_use && !failure_) failure_ = ExitStatus::BadData;
      for (const std::string& remark : file.remarks) complain(Error{remark}, ExitStatus::Success);
    }
    connections_.add(examined.tally);
    add(whole_.capture, examined.capture);
    if (examined.first) whole_.elapsed += *examined.last - *examined.first;
  }

  void write_traces(const Examined& examined) {
    tally_.begin_run();
    for (const report::TargetReport& target : examined.traces) {
      tally_.add(target);
      outputs_.write_early(target);
      outputs_.write_in_order(target);
    }
  }

  void replay_evidence() {
    for (io::CaptureFile& capture : evidence_) {
      const auto replayed = replay(capture, outputs_, tally_);
      if (const auto* failure = std::get_if<ReplayFailure>(&replayed)) {
        note_failure(failure->error, failure->status);
        continue;
      }
      const auto& [ending, remark] = std::get<Replayed>(replayed);
      if (remark) complain(Error{*remark}, ExitStatus::Success);
      add(whole_.capture, ending.capture);
      whole_.elapsed += ending.elapsed;
    }
  }

  ExitStatus status() const {
    if (was_interrupted_) return ExitStatus::Interrupted;
    if (failure_) return *failure_;
    return static_cast<ExitStatus>(report::analysis_status(connections_, tally_));
  }

  const AnalyzeOptions& options_;
  Outputs outputs_;
  io::Interrupt interrupt_;
  Progress progress_;
  std::vector<io::CaptureFile> captures_;
  std::vector<io::CaptureFile> evidence_;
  report::RunTally tally_;
  report::RunEnding whole_;
  report::ConnectionTally connections_;
  /// For the progress.
  std::uint64_t shown_ = 0;
  std::optional<ExitStatus> failure_;
  bool was_interrupted_ = false;
};

}  // namespace

ExitStatus analyze(const AnalyzeOptions& options) {
  if (options.filter) {
    const auto filter = io::PacketFilter::compile(*options.filter);
    if (!filter) return complain(filter.error(), ExitStatus::Usage);
  }
  auto outputs = Outputs::open(options.output);
  if (!outputs) return complain(outputs.error(), ExitStatus::OutputFailed);
  auto interrupt = io::Interrupt::open();
  if (!interrupt) {
    outputs.value().abandon();
    return complain(interrupt.error(), ExitStatus::Internal);
  }
  return Analyzing(options, std::move(outputs).value(), std::move(interrupt).value()).run();
}

}  // namespace smtpath::app
