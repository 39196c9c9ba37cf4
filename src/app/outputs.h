#pragma once

// Where a run's reports go: text on standard output unless something else goes there, and the files that were asked
// for. Opened before privileges go; finish() says whether all of it arrived.

#include <optional>

#include "app/options.h"
#include "smtpath/base/result.h"
#include "smtpath/io/output_file.h"
#include "smtpath/report/report.h"
#include "smtpath/report/text.h"

namespace smtpath::app {

class Outputs {
 public:
  static Result<Outputs> open(const OutputOptions& options);

  /// A target that is done, before the run is.
  void write_target(const report::TargetReport& target);
  /// Everything else.
  void write_run(const report::RunReport& run);

  /// From here on the report is data only: what a person needs to know was said elsewhere.
  void leave_out_text() { text_.reset(); }

  /// Nothing came of the run: leaves no file, or an empty one.
  void abandon();

  /// The first error of writing.
  Result<Done> finish();

 private:
  Outputs() = default;

  std::optional<io::OutputFile> text_;
  std::optional<io::OutputFile> json_;
  std::optional<io::OutputFile> json_lines_;
  report::TextStyle style_;
};

}  // namespace smtpath::app
