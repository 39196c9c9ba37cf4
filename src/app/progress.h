#pragma once

// One line on standard error that a person at a terminal can watch while a run goes on. Nobody else sees it.

#include <optional>
#include <string>

#include "smtpath/base/time.h"

namespace smtpath::app {

class Progress {
 public:
  /// Silent unless standard error is a terminal and `is_wanted`, and until `patience` is over.
  explicit Progress(bool is_wanted, Duration patience = {});
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// Whether the last line is old enough for another.
  bool is_due(Time now);
  /// `words` in place of the last line, with the time since the first question.
  void show(Time now, const std::string& words);
  void clear();

 private:
  bool is_shown_ = false;
  bool is_wanted_ = false;
  Duration patience_;
  std::optional<Time> started_;
  Time next_;
};

}  // namespace smtpath::app
