#pragma once

// The evidence file of a live run: every frame that the observer is shown, and the plan.

#include <optional>
#include <string>

#include "smtpath/base/frame.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/output_file.h"
#include "smtpath/io/pcapng_writer.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

class Evidence {
 public:
  /// Opens the file, while privileges allow it.
  static Result<Evidence> open(const std::string& path);

  /// Once the plan is made; `filter` is the capture's.
  void begin(const report::RunPlan& plan, const io::Capture& capture, const std::string& filter);
  void write(const Frame& frame);
  void write(Time time, const CaptureStatistics& statistics);
  /// Nothing was traced: leaves no file, or an empty one.
  void abandon() { file_.abandon(); }

  Result<Done> finish() { return file_.finish(); }

 private:
  explicit Evidence(io::OutputFile file) : file_(std::move(file)) {}

  io::OutputFile file_;
  std::optional<io::PcapngWriter> writer_;
};

}  // namespace smtpath::app
