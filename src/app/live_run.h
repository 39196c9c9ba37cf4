#pragma once

// The live loop: carries probes from the tracers to the wire, frames from the capture to the observer, and what the
// observer learnt back to the tracers, until all of them are done or somebody presses Ctrl-C.

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/departures.h"
#include "app/evidence.h"
#include "app/pacer.h"
#include "app/port_interfaces.h"
#include "app/progress.h"
#include "app/reporter.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/path/observer.h"
#include "smtpath/probing/tracer.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

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
};

class LiveRun {
 public:
  LiveRun(const report::RunPlan& plan, const probing::TracerOptions& options, int rate, LiveParts parts);

  /// Runs to the end: each target has been judged once it was done, the others when the run was interrupted. Error: the
  /// capture broke.
  Result<Done> run();

  bool was_interrupted() const { return was_interrupted_; }
  /// Capture time of the end.
  Time end() const { return end_; }

 private:
  /// At what the capture says of itself.
  struct Look {
    Time time;
    CaptureStatistics statistics;
  };

  bool is_finished() const { return finished_ == tracers_.size(); }
  void send_what_is_due();
  bool send_one(Time now);
  void note_refusal(Time now, std::size_t target, std::span<const std::byte> packet, int error);
  void note_unseen();
  void look_at_statistics();
  void note_statistics(const Look& look, std::string_view comment = {});
  void judge(std::size_t target);
  void wait();
  Result<Done> read_frames();
  void handle_frame(const Frame& frame);
  void handle_timeouts();
  void finish();

  LiveParts parts_;
  PortInterfaces interfaces_;
  Departures departures_;
  std::vector<probing::Tracer> tracers_;
  std::vector<bool> is_reported_;
  Look last_look_;
  Pacer pacer_;
  std::size_t next_tracer_ = 0;
  bool is_held_back_ = false;
  std::size_t finished_ = 0;
  ProgressFigures figures_;
  bool was_interrupted_ = false;
  Time end_;
};

}  // namespace smtpath::app
