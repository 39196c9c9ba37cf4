#include "io/hidden_typing.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

/// Those that end this process; ignored ones would wake wait() for nothing.
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  return signals;
}

}  // namespace

HiddenTyping::HiddenTyping(int terminal, const termios& before, FileDescriptor signals, const sigset_t& blocked_before)
    : terminal_(terminal), before_(before), signals_(std::move(signals)), blocked_before_(blocked_before) {}

HiddenTyping::HiddenTyping(HiddenTyping&& other) noexcept
    : terminal_(std::exchange(other.terminal_, -1)),
      before_(other.before_),
      signals_(std::move(other.signals_)),
      blocked_before_(other.blocked_before_) {}

Result<HiddenTyping> HiddenTyping::begin(int terminal) {
  termios before{};
  if (::tcgetattr(terminal, &before) != 0) return system_error("hide what is typed", errno);
  sigset_t blocked = ending_signals();
  FileDescriptor signals(::signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.is_open()) return system_error("wait for signals", errno);
  // Ctrl-Z takes effect behind the answer: a shell could not know that its terminal shows nothing.
  sigaddset(&blocked, SIGTSTP);
  sigset_t blocked_before;
  sigemptyset(&blocked_before);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &blocked, &blocked_before); error != 0) {
    return system_error("block signals", error);
  }
  HiddenTyping hidden(terminal, before, std::move(signals), blocked_before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  silent.c_lflag |= ICANON | ECHONL;
  if (::tcsetattr(terminal, TCSAFLUSH, &silent) != 0) return system_error("hide what is typed", errno);
  return hidden;
}

HiddenTyping::~HiddenTyping() {
  if (terminal_ < 0) return;
  ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  // Whoever waited comes through here.
  ::pthread_sigmask(SIG_SETMASK, &blocked_before_, nullptr);
}

bool HiddenTyping::wait() const {
  std::array<pollfd, 2> polled{pollfd{.fd = terminal_, .events = POLLIN, .revents = 0},
                               pollfd{.fd = signals_.number(), .events = POLLIN, .revents = 0}};
  int ready = -1;
  do ready = ::poll(polled.data(), polled.size(), -1);
  while (ready < 0 && errno == EINTR);
  return polled[1].revents == 0;
}

}  // namespace smtpath::io
