#pragma once

// The evidence file of a live run: every frame that the observer is shown, and the plan.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/output_file.h"
#include "smtpath/io/pcapng_writer.h"
#include "smtpath/report/run_plan.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::app {

/// The comment on the statistics at which the target at `index` of the plan was judged and forgotten, with what its
/// mail visits came to; and what such a comment holds.
std::string judged(std::size_t index, const std::vector<verdict::MailFacts>& visits);
struct Judged {
  std::size_t index = 0;
  std::vector<verdict::MailFacts> visits;
};
std::optional<Judged> judged_in(std::string_view comment);

/// The same of those at which the mail visits to that target began.
std::string visited(std::size_t index);
std::optional<std::size_t> visited_in(std::string_view comment);

class Evidence {
 public:
  /// Opens the file, while privileges allow it.
  static Result<Evidence> open(const std::string& path);

  /// Names that a run with evidence may have: more do not fit its plan.
  static constexpr std::size_t kMostTargets = 20'000;

  /// Once the plan is made; `filter` is the capture's. Error: the plan is too long for a file, though its names were
  /// not too many.
  Result<Done> begin(const report::RunPlan& plan, const io::Capture& capture, const std::string& filter);
  void write(const Frame& frame);
  /// Frames wait from here on: keys that come with them are to stand before them. What is written of anything else, and
  /// release(), lets them go.
  void hold() { is_holding_ = true; }
  void release();
  void write(Time time, const CaptureStatistics& statistics, std::string_view comment = {});
  /// A line of a TLS key log: Wireshark reads the session in clear.
  void write_secret(std::string_view line);
  /// Nothing was traced: leaves no file, or an empty one.
  void abandon() { file_.abandon(); }

  Result<Done> finish() { return file_.finish(); }

 private:
  explicit Evidence(io::OutputFile file) : file_(std::move(file)) {}

  /// A frame with bytes of its own.
  struct Held {
    Frame frame;
    std::vector<std::byte> bytes;
  };

  io::OutputFile file_;
  std::optional<io::PcapngWriter> writer_;
  bool is_holding_ = false;
  std::vector<Held> held_;
};

}  // namespace smtpath::app
