#include "io/command.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr std::chrono::seconds kToolTimeout(10);

// Files in memory, not pipes: nothing blocks on them, and a grandchild that lives on holds nobody up.
struct Streams {
  FileDescriptor input;
  FileDescriptor output;
  FileDescriptor errors;
};

Result<FileDescriptor> memory_file(const std::string& content) {
  FileDescriptor file(memfd_create("stream", MFD_CLOEXEC));
  if (!file.is_open()) return system_error("create a file in memory", errno);
  if (pwrite(file.number(), content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
    return system_error("write a file in memory", errno);
  }
  return file;
}

Result<Streams> capture_streams(const std::string& input) {
  auto in = memory_file(input);
  if (!in) return in.error();
  auto out = memory_file({});
  if (!out) return out.error();
  auto err = memory_file({});
  if (!err) return err.error();
  return Streams{std::move(in).value(), std::move(out).value(), std::move(err).value()};
}

std::string content_of(const FileDescriptor& file) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0) return {};
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t length = pread(file.number(), content.data(), content.size(), 0);
  content.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return content;
}

void set_environment(const std::vector<std::string>& assignments) {
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals != std::string::npos) {
      setenv(assignment.substr(0, equals).c_str(), assignment.c_str() + equals + 1, 1);
    }
  }
}

void limit_output(std::size_t most) {
  const rlimit file_size{most, most};
  setrlimit(RLIMIT_FSIZE, &file_size);
  // The signal that ends who writes more would leave a core file too.
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

void leave_the_caller_behind() {
  clearenv();
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

// Only returns when the command could not be started, with the reason.
Error become(const Command& command, const Streams& streams, const FileDescriptor& network, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  if (network.is_open() && setns(network.number(), CLONE_NEWNET) != 0) return system_error("enter the network", errno);
  if (command.captures) {
    // A group of its own, so that a timeout ends its children too; one that has the terminal must stay in its group.
    setpgid(0, 0);
    dup2(streams.input.number(), STDIN_FILENO);
    dup2(streams.output.number(), STDOUT_FILENO);
    dup2(streams.errors.number(), STDERR_FILENO);
  }
  // A caller that reads its signals from a descriptor blocks them; the command must not.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (command.most_output != 0) limit_output(command.most_output);
  if (command.is_isolated) leave_the_caller_behind();
  set_environment(command.environment);
  std::vector<std::string> argv = command.argv;
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  execvp(words[0], words.data());
  return system_error("run " + argv[0], errno);
}

// The child's reason for not starting; empty when the pipe closed as the command took the child's place.
std::string read_reason(const FileDescriptor& pipe) {
  std::array<char, 512> text{};
  ssize_t length = 0;
  do {
    length = read(pipe.number(), text.data(), text.size());
  } while (length < 0 && errno == EINTR);
  return {text.data(), length < 0 ? 0 : static_cast<std::size_t>(length)};
}

int wait_for(pid_t id) {
  int status = 0;
  while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// False when the time passed first.
bool ends_within(pid_t id, Duration timeout) {
  using Clock = std::chrono::steady_clock;
  const FileDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, id, 0)));
  const Clock::time_point deadline = Clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd ended{process.number(), POLLIN, 0};
    if (poll(&ended, 1, static_cast<int>(left.count())) > 0) return true;
  }
}

}  // namespace

Result<CommandOutcome> run_command(const Command& command, const std::string& input, const FileDescriptor& network) {
  if (command.argv.empty()) return Error{"run a command: it is empty"};
  Streams streams;
  if (command.captures) {
    auto opened = capture_streams(input);
    if (!opened) return opened.error();
    streams = std::move(opened).value();
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("open a pipe", errno);
  const FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);

  const pid_t parent = getpid();
  const pid_t id = fork();
  if (id < 0) return system_error("fork " + command.argv[0], errno);
  if (id == 0) {
    const std::string reason = become(command, streams, network, parent).message;
    _exit(write(theirs.number(), reason.data(), reason.size()) < 0 ? 126 : 127);
  }
  theirs = FileDescriptor();

  if (std::string reason = read_reason(ours); !reason.empty()) {
    wait_for(id);
    return Error{std::move(reason)};
  }
  CommandOutcome outcome;
  if (command.timeout != Duration::zero() && !ends_within(id, command.timeout)) {
    outcome.timed_out = true;
    kill(command.captures ? -id : id, SIGKILL);
  }
  outcome.status = wait_for(id);
  if (command.captures) {
    outcome.output = content_of(streams.output);
    outcome.errors = content_of(streams.errors);
  }
  return outcome;
}

Result<Done> feed(std::vector<std::string> argv, const std::string& input, const FileDescriptor& network) {
  const std::string tool = argv.front();
  const auto outcome = run_command({.argv = std::move(argv), .timeout = kToolTimeout}, input, network);
  if (!outcome) return outcome.error();
  if (outcome.value().timed_out) return Error{tool + " did not end"};
  const std::string& errors = outcome.value().errors;
  const int status = outcome.value().status;
  if (status != 0 && errors.empty()) return Error{tool + ": ended with status " + std::to_string(status)};
  if (status != 0) return Error{tool + ": " + errors.substr(0, errors.find('\n'))};
  return Done{};
}

}  // namespace smtpath::io
