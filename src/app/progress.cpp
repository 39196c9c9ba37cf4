#include "app/progress.h"

#include <fmt/format.h>

#include <cstdio>

#include "smtpath/io/terminal.h"

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

constexpr Duration kInterval = 100ms;
constexpr const char* kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(bool is_wanted) : is_wanted_(is_wanted && io::is_terminal(io::Stream::StandardError)) {}

void Progress::show(Time now, const ProgressFigures& figures) {
  if (!is_wanted_ || now < next_) return;
  if (!started_) started_ = now;
  next_ = now + kInterval;
  is_shown_ = true;
  fmt::print(stderr, "{}tracing: {} of {} done, {} probes, {} replies, {:.1f} s", kClearLine, figures.finished,
             figures.targets, figures.probes, figures.replies, to_milliseconds(now - *started_) / 1000);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!is_shown_) return;
  is_shown_ = false;
  fmt::print(stderr, "{}", kClearLine);
}

}  // namespace smtpath::app
