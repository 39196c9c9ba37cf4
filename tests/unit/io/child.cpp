#include "unit/io/child.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace smtpath::test {

void in_child(const std::function<void()>& body) {
  ASSERT_EQ(geteuid(), 0U) << "this test needs root";
  std::fflush(nullptr);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    body();
    std::fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see above";
}

void in_new_network(const std::function<void()>& body) {
  in_child([&] {
    ASSERT_EQ(unshare(CLONE_NEWNET), 0);
    ip("link set lo up");
    body();
  });
}

void ip(const std::string& commands) {
  run("printf '" + commands + "' | ip -batch -");
}

void run(const std::string& command) {
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> chunk{};
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), pipe)) output.append(chunk.data(), count);
  pclose(pipe);
  return output;
}

}  // namespace smtpath::test
