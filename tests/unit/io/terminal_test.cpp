#include "smtpath/io/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using test::in_child;

/// Standard error becomes a terminal of 97 columns.
void on_a_terminal(const std::function<void()>& body) {
  in_child([&] {
    unsetenv("COLUMNS");
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_EQ(grantpt(master), 0);
    ASSERT_EQ(unlockpt(master), 0);
    const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    ASSERT_GE(slave, 0);
    const winsize size{.ws_row = 24, .ws_col = 97, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(ioctl(slave, TIOCSWINSZ, &size), 0);
    ASSERT_EQ(dup2(slave, STDERR_FILENO), STDERR_FILENO);
    body();
  });
}

TEST(Terminal, HasAWidth) {
  on_a_terminal([] {
    EXPECT_TRUE(is_terminal(Stream::StandardError));
    EXPECT_EQ(terminal_width(Stream::StandardError), 97U);
  });
}

TEST(Terminal, IsAsWideAsColumnsSays) {
  on_a_terminal([] {
    setenv("COLUMNS", "60", 1);
    EXPECT_EQ(terminal_width(Stream::StandardError), 60U);
    for (const char* nonsense : {"", "0", "-1", "60x", "99999999999999999999"}) {
      setenv("COLUMNS", nonsense, 1);
      EXPECT_EQ(terminal_width(Stream::StandardError), 97U) << nonsense;
    }
  });
}

TEST(Terminal, IsNotAFile) {
  in_child([] {
    unsetenv("COLUMNS");
    ASSERT_NE(freopen("/dev/null", "w", stderr), nullptr);
    EXPECT_FALSE(is_terminal(Stream::StandardError));
    EXPECT_EQ(terminal_width(Stream::StandardError), std::nullopt);
  });
}

TEST(Terminal, IsSparedColorByNoColor) {
  in_child([] {
    unsetenv("NO_COLOR");
    EXPECT_FALSE(is_color_unwanted());
    setenv("NO_COLOR", "", 1);
    EXPECT_FALSE(is_color_unwanted());
    setenv("NO_COLOR", "1", 1);
    EXPECT_TRUE(is_color_unwanted());
  });
}

}  // namespace
}  // namespace smtpath::io
