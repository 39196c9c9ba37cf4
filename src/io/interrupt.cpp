#include "smtpath/io/interrupt.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

/// A blocked signal is delivered even to who ignores it, so those that we were told to ignore (nohup, a shell's
/// background job) are left out.
sigset_t signals_not_ignored() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  return signals;
}

}  // namespace

Interrupt::Interrupt(FileDescriptor signals, const sigset_t& blocked_before)
    : signals_(std::move(signals)), blocked_before_(blocked_before) {}

Result<Interrupt> Interrupt::open() {
  const sigset_t signals = signals_not_ignored();
  FileDescriptor descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor.is_open()) return system_error("wait for signals", errno);
  sigset_t blocked_before;
  sigemptyset(&blocked_before);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &signals, &blocked_before); error != 0) {
    return system_error("block signals", error);
  }
  return Interrupt(std::move(descriptor), blocked_before);
}

Interrupt::~Interrupt() {
  if (signals_.is_open()) ::pthread_sigmask(SIG_SETMASK, &blocked_before_, nullptr);
}

bool Interrupt::arrived() {
  signalfd_siginfo signal{};
  while (::read(signals_.number(), &signal, sizeof(signal)) == ssize_t{sizeof(signal)}) arrived_ = true;
  return arrived_;
}

}  // namespace smtpath::io
