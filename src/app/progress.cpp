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

Progress::Progress(bool is_wanted, Duration patience)
    : is_wanted_(is_wanted && io::is_terminal(io::Stream::StandardError)), patience_(patience) {}

bool Progress::is_due(Time now) {
  if (!is_wanted_) return false;
  if (!started_) {
    started_ = now;
    next_ = now + patience_;
  }
  return now >= next_;
}

void Progress::show(Time now, const std::string& words) {
  next_ = now + kInterval;
  is_shown_ = true;
  fmt::print(stderr, "{}{}, {:.1f} s", kClearLine, words, to_milliseconds(now - started_.value_or(now)) / 1000);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!is_shown_) return;
  is_shown_ = false;
  fmt::print(stderr, "{}", kClearLine);
}

}  // namespace smtpath::app
