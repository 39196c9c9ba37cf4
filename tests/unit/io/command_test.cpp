// Programs run to their end, and kept within bounds.

#include "io/command.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

CommandOutcome outcome_of(const Command& command, const std::string& input = {}) {
  auto outcome = run_command(command, input);
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome ? std::move(outcome).value() : CommandOutcome{};
}

Command shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script}, .timeout = 20s};
}

TEST(Command, KeepsWhatItSays) {
  const auto outcome = outcome_of(shell("cat; echo no >&2; exit 3"), "yes");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.output, "yes");
  EXPECT_EQ(outcome.errors, "no\n");
}

TEST(Command, GetsNothingOfTheCallersWhenIsolated) {
  setenv("SMTPATH_TEST_SECRET", "secret", 1);
  const FileDescriptor inherited(::open("/dev/zero", O_RDONLY));
  ASSERT_TRUE(inherited.is_open());
  const std::string link = "/proc/self/fd/" + std::to_string(inherited.number());

  Command command{.argv = {"/usr/bin/env"}, .environment = {"LC_ALL=C"}, .timeout = 20s, .is_isolated = true};
  EXPECT_EQ(outcome_of(command).output, "LC_ALL=C\n");
  command.argv = {"/bin/readlink", link};
  EXPECT_EQ(outcome_of(command).output, "");

  command.is_isolated = false;
  EXPECT_EQ(outcome_of(command).output, "/dev/zero\n") << "otherwise it does inherit";
  command.argv = {"/usr/bin/env"};
  EXPECT_THAT(outcome_of(command).output, HasSubstr("SMTPATH_TEST_SECRET=secret"));
  unsetenv("SMTPATH_TEST_SECRET");
}

TEST(Command, IsKilledWithItsChildrenWhenItTakesTooLong) {
  Command command = shell("sleep 60 & echo $! ; wait");
  command.timeout = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = outcome_of(command);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_EQ(outcome.status, 128 + SIGKILL);
  const int child = std::atoi(outcome.output.c_str());
  ASSERT_GT(child, 0);
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  const auto state = [&] { return outcome_of(shell("cut -d' ' -f3 /proc/" + std::to_string(child) + "/stat")).output; };
  while (state() == "S\n" && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_NE(state(), "S\n") << "it no longer sleeps";
}

TEST(Command, IsKilledWhenItSaysTooMuch) {
  Command command = shell("while :; do echo 0123456789; done");
  command.most_output = 10'000;
  const auto outcome = outcome_of(command);
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_EQ(outcome.status, 128 + SIGXFSZ);
  EXPECT_THAT(outcome.output, SizeIs(10'000));

  command.argv[2] = "echo 0123456789";
  EXPECT_EQ(outcome_of(command).output, "0123456789\n") << "less is fine";
}

TEST(Command, TellsWhyItCouldNotStart) {
  const auto none = run_command({.argv = {"/nowhere/program"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "run /nowhere/program: No such file or directory");
}

}  // namespace
}  // namespace smtpath::io
