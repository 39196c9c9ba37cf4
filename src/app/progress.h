#pragma once

// One line on standard error that a person at a terminal can watch while a run goes on. Nobody else sees it.

#include <cstddef>
#include <optional>

#include "smtpath/base/time.h"

namespace smtpath::app {

struct ProgressFigures {
  std::size_t targets = 0;
  std::size_t finished = 0;
  std::size_t probes = 0;
  std::size_t replies = 0;
};

class Progress {
 public:
  /// Silent unless standard error is a terminal and `is_wanted`.
  explicit Progress(bool is_wanted);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// Shows the figures if the last ones are old enough.
  void show(Time now, const ProgressFigures& figures);
  void clear();

 private:
  bool is_shown_ = false;
  bool is_wanted_ = false;
  std::optional<Time> started_;
  Time next_;
};

}  // namespace smtpath::app
