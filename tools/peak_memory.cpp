// Runs a command and writes the most memory that it had resident, in KiB: peak_memory FILE COMMAND... Exits with the
// command's status. A process of its own, and a small one: the kernel counts a new process's memory from its parent's
// on.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

int main(int argc, char** argv) {
  constexpr int kUsage = 64;
  constexpr int kNotRun = 127;
  constexpr int kSignalled = 128;
  if (argc < 3) {
    std::fputs("usage: peak_memory FILE COMMAND...\n", stderr);
    return kUsage;
  }
  const pid_t id = fork();
  if (id == 0) {
    execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    _exit(kNotRun);
  }
  int status = 0;
  rusage usage{};
  if (id < 0 || wait4(id, &status, 0, &usage) < 0) {
    std::perror("peak_memory");
    return kNotRun;
  }
  std::ofstream(argv[1]) << usage.ru_maxrss << '\n';
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}
