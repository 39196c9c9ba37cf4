#pragma once

// While this lives, a terminal shows nothing of what is typed there but the end of the line. A signal that would end
// this process waits until the terminal is as it was before; then it ends it.

#include <termios.h>

#include <csignal>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

class HiddenTyping {
 public:
  /// The descriptor is lent. What was typed before is forgotten. Errors: what the system says.
  static Result<HiddenTyping> begin(int terminal);

  HiddenTyping(HiddenTyping&& other) noexcept;
  HiddenTyping& operator=(HiddenTyping&&) = delete;
  ~HiddenTyping();

  /// Waits until a line was typed; false: a signal came first.
  bool wait() const;

 private:
  HiddenTyping(int terminal, const termios& before, FileDescriptor signals, const sigset_t& blocked_before);

  /// Negative: moved away.
  int terminal_;
  termios before_;
  FileDescriptor signals_;
  sigset_t blocked_before_;
};

}  // namespace smtpath::io
