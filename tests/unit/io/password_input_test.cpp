#include "smtpath/io/password_input.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {
namespace {

using testing::HasSubstr;

FileDescriptor holding(const std::string& bytes) {
  std::array<int, 2> ends{-1, -1};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor writer(ends[1]);
  EXPECT_EQ(write(writer.number(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return FileDescriptor(ends[0]);
}

std::string password_in(const std::string& bytes) {
  const FileDescriptor pipe = holding(bytes);
  const auto password = read_password(pipe.number());
  return password ? std::string(password.value().text()) : password.error().message;
}

TEST(PasswordInput, IsTheFirstLineWithoutItsEnd) {
  EXPECT_EQ(password_in("secret\n"), "secret");
  EXPECT_EQ(password_in("secret\r\n"), "secret");
  EXPECT_EQ(password_in("secret"), "secret");
  EXPECT_EQ(password_in(" with blanks \nand more\n"), " with blanks ");
  EXPECT_EQ(password_in(std::string(kLongestPassword, 'p') + "\r\n"), std::string(kLongestPassword, 'p'));
}

TEST(PasswordInput, LeavesWhatFollowsTheLine) {
  const FileDescriptor pipe = holding("secret\nrest");
  ASSERT_TRUE(read_password(pipe.number()).ok());
  std::array<char, 8> rest{};
  EXPECT_EQ(read(pipe.number(), rest.data(), rest.size()), 4);
}

TEST(PasswordInput, SaysWhatIsWrongWithTheLine) {
  EXPECT_THAT(password_in(""), HasSubstr(": no password in it"));
  EXPECT_THAT(password_in("\r\nsecret"), HasSubstr(": no password in it"));
  EXPECT_THAT(password_in(std::string("a\0b\n", 4)), HasSubstr(": a NUL"));
  for (const char* end : {"", "\n", "\r\n", "ppp\n"})
    EXPECT_THAT(password_in(std::string(kLongestPassword + 1, 'p') + end), HasSubstr(": longer than")) << end;
}

TEST(PasswordInput, NamesTheSourceThatCannotBeRead) {
  int closed = -1;
  closed = holding("x").number();
  EXPECT_EQ(read_password(closed).error().message,
            "read the password from descriptor " + std::to_string(closed) + ": Bad file descriptor");
  EXPECT_EQ(read_password_file("/nonexistent").error().message, "open /nonexistent: No such file or directory");
  EXPECT_EQ(read_password_file("/").error().message, "open /: Is a directory");
}

TEST(PasswordInput, ReadsAFile) {
  const std::string path = testing::TempDir() + "smtpath-password-" + std::to_string(getpid());
  std::ofstream(path) << "secret\nnot this\n";
  const auto password = read_password_file(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(password.ok());
  EXPECT_EQ(password.value().text(), "secret");
}

/// Both ends of a terminal; a person sits at the first.
struct Terminal {
  FileDescriptor person{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  std::string name;

  Terminal() {
    EXPECT_EQ(grantpt(person.number()), 0);
    EXPECT_EQ(unlockpt(person.number()), 0);
    name = ptsname(person.number());
  }

  bool shows_typing() const {
    termios now{};
    EXPECT_EQ(tcgetattr(person.number(), &now), 0);
    return (now.c_lflag & ECHO) != 0;
  }

  /// All that is shown up to and with the text.
  std::string shown_until(const std::string& text) const {
    std::string shown;
    char each = '\0';
    while (!shown.ends_with(text) && read(person.number(), &each, 1) == 1) shown += each;
    return shown;
  }

  void type(const std::string& keys) const {
    EXPECT_EQ(write(person.number(), keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
};

/// A process that belongs to the terminal, asks there, and exits with 0 if it got "secret".
pid_t asking_at(const Terminal& terminal) {
  const pid_t child = fork();
  if (child != 0) return child;
  setsid();
  std::signal(SIGINT, SIG_DFL);
  const FileDescriptor own(open(terminal.name.c_str(), O_RDWR));
  const auto password = ask_password("Password: ");
  _exit(password && password.value().text() == "secret" ? 0 : 1);
}

int status_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST(PasswordPrompt, ShowsNothingOfTheAnswer) {
  const Terminal terminal;
  const pid_t child = asking_at(terminal);
  EXPECT_EQ(terminal.shown_until("Password: "), "Password: ");
  EXPECT_FALSE(terminal.shows_typing());
  terminal.type("secrex\177t\n");
  EXPECT_EQ(terminal.shown_until("\n"), "\r\n");
  EXPECT_EQ(status_of(child), 0);
  EXPECT_TRUE(terminal.shows_typing());
}

TEST(PasswordPrompt, EndsByCtrlCWithTheTerminalAsItWas) {
  const Terminal terminal;
  const pid_t child = asking_at(terminal);
  terminal.shown_until("Password: ");
  terminal.type("sec\003");
  const int status = status_of(child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_TRUE(terminal.shows_typing());
}

TEST(PasswordPrompt, NeedsATerminal) {
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    const auto password = ask_password("Password: ");
    const bool is_told = !password && password.error().message.starts_with("ask for the password on the terminal: ");
    _exit(is_told ? 0 : 1);
  }
  EXPECT_EQ(status_of(child), 0);
}

}  // namespace
}  // namespace smtpath::io
