#include "smtpath/io/interrupt.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using test::in_child;

bool is_readable(int descriptor) {
  pollfd readable{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&readable, 1, 0) == 1;
}

TEST(Interrupt, ArrivesAndStays) {
  for (const int signal : {SIGINT, SIGTERM}) {
    in_child([signal] {
      auto interrupt = Interrupt::open();
      ASSERT_TRUE(interrupt.ok());
      EXPECT_FALSE(is_readable(interrupt.value().descriptor()));
      EXPECT_FALSE(interrupt.value().arrived());
      raise(signal);
      EXPECT_TRUE(is_readable(interrupt.value().descriptor()));
      EXPECT_TRUE(interrupt.value().arrived());
      EXPECT_TRUE(interrupt.value().arrived());
      EXPECT_FALSE(is_readable(interrupt.value().descriptor()));
    });
  }
}

TEST(Interrupt, GivesTheSignalsBack) {
  in_child([] {
    { const auto interrupt = Interrupt::open(); }
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, nullptr, &blocked);
    EXPECT_EQ(sigismember(&blocked, SIGINT), 0);
    EXPECT_EQ(sigismember(&blocked, SIGTERM), 0);
  });
}

TEST(Interrupt, LeavesAnIgnoredSignalIgnored) {
  in_child([] {
    std::signal(SIGINT, SIG_IGN);
    auto interrupt = Interrupt::open();
    raise(SIGINT);
    EXPECT_FALSE(interrupt.value().arrived());
    raise(SIGTERM);
    EXPECT_TRUE(interrupt.value().arrived());
  });
}

}  // namespace
}  // namespace smtpath::io
