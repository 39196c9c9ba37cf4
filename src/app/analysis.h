#pragma once

// The offline half of the core in one piece: frames of captures to packets, packets to the observers of connections and
// of traces, what they saw to the judge, and each report to whoever takes it. Knows neither files nor outputs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/capture_loss.h"
#include "smtpath/path/foreign_traces.h"
#include "smtpath/report/connection.h"
#include "smtpath/report/report.h"
#include "smtpath/session/observer.h"
#include "smtpath/wire/decoder.h"

namespace smtpath::app {

class Analysis {
 public:
  using Take = std::function<void(const report::ConnectionReport&)>;

  /// `ports`: where mail is expected; empty: the usual ones.
  Analysis(const std::vector<Port>& ports, Take take);

  /// In capture order.
  void handle_frame(const Frame& frame);
  /// What the captures together said of themselves up to here.
  void note_statistics(Time now, const CaptureStatistics& statistics);
  /// After the last: what is still open is reported as the capture left it. Returns the traces that somebody else made.
  std::vector<report::TargetReport> finish();

  const session::Counters& sessions() const { return sessions_.counters(); }
  const wire::FragmentCounters& fragments() const { return decoder_.fragments(); }
  /// Of the earliest frame and the latest; none of no frame.
  std::optional<Time> first() const { return first_; }
  std::optional<Time> last() const { return last_; }
  report::CaptureReport capture() const;

 private:
  void report_ended();
  bool is_probe(const session::Session& session) const;

  Take take_;
  wire::Decoder decoder_;
  session::Observer sessions_;
  path::ForeignTraces traces_;
  path::CaptureLoss loss_;
  CaptureStatistics statistics_;
  std::optional<Time> first_;
  std::optional<Time> last_;
  std::uint64_t frames_ = 0;
  std::array<std::uint64_t, wire::kUndecodableKinds> undecodable_{};
};

}  // namespace smtpath::app
