#pragma once

// One look through captures that belong together, read as one: every frame to the analysis, every connection to whoever
// takes it, and at the end what the text says of the whole. Runs in any thread; several at once share nothing.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture_file.h"
#include "smtpath/report/connection.h"
#include "smtpath/report/digest.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

struct ExaminationOptions {
  /// Where mail is expected; empty: the usual ports.
  std::vector<Port> ports;
  /// In the language of pcap-filter(7); known to compile.
  std::optional<std::string> filter;
  /// The digest keeps every failure.
  bool keeps_all = false;
};

struct ExaminationHooks {
  /// Once, with the time of the first frame, before any connection.
  std::function<void(Time)> start;
  std::function<void(const report::ConnectionReport&)> take;
  /// Now and then, with the bytes read so far; false ends the reading.
  std::function<bool(std::uint64_t)> goes_on;
};

struct Examined {
  report::Digest digest;
  report::ConnectionTally tally;
  std::vector<report::FileReport> files;
  report::CaptureReport capture;
  std::optional<Time> first;
  std::optional<Time> last;
  /// Somebody's traceroutes in the captures.
  std::vector<report::TargetReport> traces;
  /// Of files that were not captures, or could not be read to their end.
  std::vector<Error> errors;
  bool was_cut_off = false;
};

Examined examine(std::vector<io::CaptureFile> captures, const ExaminationOptions& options,
                 const ExaminationHooks& hooks);

}  // namespace smtpath::app
