#pragma once

// The live loop: carries probes from the tracers to the wire, frames from the capture to the observer, and what the
// observer learnt back to the tracers, until all targets are done or somebody presses Ctrl-C. Targets are begun one
// after another, when those at work have nothing to send.

#include <cstddef>
#include <optional>
#include <string_view>

#include "app/departures.h"
#include "app/evidence.h"
#include "app/mail_packets.h"
#include "app/mail_planner.h"
#include "app/mail_stage.h"
#include "app/pacer.h"
#include "app/port_interfaces.h"
#include "app/progress.h"
#include "app/reporter.h"
#include "app/tracer_pool.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/path/observer.h"
#include "smtpath/probing/tracer.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

struct ProgressFigures {
  std::size_t targets = 0;
  std::size_t finished = 0;
  std::size_t probes = 0;
  std::size_t replies = 0;
};

/// What the loop works with; all of it outlives the run.
struct LiveParts {
  io::Capture& capture;
  io::RawSender& sender;
  io::Interrupt& interrupt;
  io::Clock& clock;
  /// Of the plan that is run.
  path::Observer& observer;
  Reporter& reporter;
  /// Null: no evidence is kept.
  Evidence* evidence = nullptr;
  Progress& progress;
  /// Null: no mail ports are visited.
  const MailPlanner* mail = nullptr;
};

class LiveRun {
 public:
  /// The plan is lent for the run's life.
  LiveRun(const report::RunPlan& plan, const probing::TracerOptions& options, int rate, LiveParts parts);

  /// Runs to the end: each target has been judged once it was done, the others when the run was cut short.
  void run();

  bool was_interrupted() const { return was_interrupted_; }
  /// Why the capture broke, and the run with it.
  const std::optional<Error>& failure() const { return failure_; }
  /// Capture time of the end.
  Time end() const { return end_; }

 private:
  /// At what the capture says of itself.
  struct Look {
    Time time;
    CaptureStatistics statistics;
  };

  bool is_finished() const { return figures_.finished == figures_.targets; }
  void send_what_is_due();
  bool begin_next(Time now);
  void send(Time now, const TracerPool::Outgoing& outgoing);
  void wait();
  void read_frames();
  void look_at_capture();
  void note_statistics(const Look& look, std::string_view comment = {});
  void note_unseen();
  void handle_frame(const Frame& frame);
  void judge_finished();
  void visit_or_judge(std::size_t target);
  void begin_visits();
  void judge(std::size_t target);
  void show_progress();
  void finish();

  const report::RunPlan& plan_;
  const probing::TracerOptions options_;
  LiveParts parts_;
  PortInterfaces interfaces_;
  Departures departures_;
  TracerPool tracers_;
  MailStage mail_;
  MailPackets mail_packets_;
  /// The first target that was not begun.
  std::size_t next_target_ = 0;
  Pacer pacer_;
  bool has_more_to_send_ = false;
  Look last_look_;
  ProgressFigures figures_;
  bool was_interrupted_ = false;
  std::optional<Error> failure_;
  Time end_;
};

}  // namespace smtpath::app
