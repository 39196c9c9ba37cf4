#pragma once

// Where a run's reports go: text on standard output unless something else goes there, and the files that were asked
// for. Opened before privileges go; finish() says whether all of it arrived.

#include <memory>
#include <optional>
#include <vector>

#include "app/options.h"
#include "smtpath/base/result.h"
#include "smtpath/io/output_file.h"
#include "smtpath/io/spool.h"
#include "smtpath/report/connection.h"
#include "smtpath/report/digest.h"
#include "smtpath/report/json.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"
#include "smtpath/report/text.h"

namespace smtpath::app {

/// Connections as text; each absent where nobody wants it.
struct KeptConnections {
  std::optional<io::Spool> objects;
  std::optional<io::Spool> lines;
};

class Outputs {
 public:
  static Result<Outputs> open(const OutputOptions& options);

  /// Before all else. Of several runs in one report the first counts.
  void begin(const report::RunBeginning& run);

  /// A connection of a capture, as soon as it is known: before any target.
  void write(const report::ConnectionReport& connection);
  /// Connections that were kept until their turn: as the elements of a document, and as JSON lines.
  Result<Done> write(KeptConnections& kept);
  bool wants_document() const { return json_ != nullptr; }
  bool wants_lines() const { return json_lines_ != nullptr; }
  /// What a person reads of captures, after their connections.
  void write(const report::Digest& digest, const std::vector<report::FileReport>& files);

  /// A target, as soon as it is known: to whoever takes targets in any order.
  void write_early(const report::TargetReport& target);
  /// Whether anybody wants targets in order.
  bool has_order() const { return text_ || json_; }
  /// The next target, to those.
  void write_in_order(const report::TargetReport& target);

  /// After the last target; `tally` is over all of them.
  void end(const report::RunTally& tally, const report::RunEnding& run);
  /// The same of an analysis, with its connections.
  void end(const report::RunTally& tally, const report::ConnectionTally& connections, const report::RunEnding& run);

  /// From here on the report is data only: what a person needs to know was said elsewhere.
  void leave_out_text() { text_.reset(); }

  /// Nothing came of the run: leaves no file, or an empty one.
  void abandon();

  /// The first error of writing.
  Result<Done> finish();

 private:
  Outputs() = default;

  void separate_text();
  void end_documents(const report::RunTally& tally, const report::RunEnding& run);

  /// Each where it stays when this is moved: the document writes into one of them.
  std::unique_ptr<io::OutputFile> text_;
  std::unique_ptr<io::OutputFile> json_;
  std::unique_ptr<io::OutputFile> json_lines_;
  report::TextStyle style_;
  bool has_begun_ = false;
  bool has_text_ = false;
  std::optional<report::JsonReport> document_;
};

}  // namespace smtpath::app
