#pragma once

// Ctrl-C and SIGTERM as something to poll for, instead of the end of the process. While this lives, the two signals are
// blocked; a look-up that blocks is not cut short by them, so make it when names are resolved. A signal that our parent
// made us ignore stays ignored.

#include <csignal>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

class Interrupt {
 public:
  static Result<Interrupt> open();

  Interrupt(Interrupt&&) noexcept = default;
  Interrupt& operator=(Interrupt&&) = delete;
  /// Gives the signals back their old effect.
  ~Interrupt();

  /// Readable once a signal arrived.
  int descriptor() const { return signals_.number(); }

  /// Whether one arrived since this was made; stays true.
  bool arrived();

 private:
  Interrupt(FileDescriptor signals, const sigset_t& blocked_before);

  FileDescriptor signals_;
  sigset_t blocked_before_;
  bool arrived_ = false;
};

}  // namespace smtpath::io
