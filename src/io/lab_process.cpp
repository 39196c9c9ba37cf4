#include "io/lab_process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

// A report is one message: its first byte tells success from failure, so that it is never empty, as the end is.
constexpr char kDone = '+';
constexpr char kFailed = '-';

// The kernel's signal on the parent's death is not sent when the parent has dropped its privileges, and comes late when
// the parent died before it was asked for; the channel's end tells the child in both cases.
void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
}

// Keeps one descriptor; standard input, output and error become /dev/null.
void let_go_of_descriptors(int kept) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, stream);
  const auto number = static_cast<unsigned>(kept);
  if (number > 3) close_range(3, number - 1, 0);
  close_range(number + 1, ~0U, 0);
}

[[noreturn]] void be_child(FileDescriptor channel, pid_t parent, const std::string& name,
                           const std::function<void(const LabParent&)>& live) {
  die_with(parent);
  // Interrupts from the terminal are for the command that runs in the lab.
  setsid();
  let_go_of_descriptors(channel.number());
  if (chdir("/") != 0) _exit(1);
  prctl(PR_SET_NAME, ("lab " + name).c_str());
  const LabParent end(std::move(channel));
  if (unshare(CLONE_NEWNET) == 0) {
    live(end);
  } else {
    end.report(system_error("create a network namespace", errno));
  }
  // One that failed stays until it is ended: with it would go interfaces of its neighbours, whose complaints about that
  // would hide its own.
  end.await();
  _exit(0);
}

}  // namespace

void LabParent::report(const Result<Done>& outcome) const {
  const std::string message = outcome ? std::string{kDone} : kFailed + outcome.error().message;
  send(channel_.number(), message.data(), message.size(), MSG_NOSIGNAL);
}

bool LabParent::await() const {
  char word = 0;
  return recv(channel_.number(), &word, 1, 0) == 1;
}

Result<LabProcess> LabProcess::start(const std::string& name, const std::function<void(const LabParent&)>& live) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return system_error("open a channel to " + name, errno);
  }
  FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  const pid_t parent = getpid();
  const pid_t id = fork();
  if (id < 0) return system_error("fork " + name, errno);
  if (id == 0) be_child(std::move(theirs), parent, name, live);
  return LabProcess(name, id, std::move(ours));
}

LabProcess::LabProcess(std::string name, pid_t id, FileDescriptor channel)
    : name_(std::move(name)), id_(id), parent_(getpid()), channel_(std::move(channel)) {}

LabProcess::LabProcess(LabProcess&& other) noexcept
    : name_(std::move(other.name_)),
      id_(std::exchange(other.id_, -1)),
      parent_(other.parent_),
      channel_(std::move(other.channel_)) {}

LabProcess& LabProcess::operator=(LabProcess&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(id_, other.id_);
  std::swap(parent_, other.parent_);
  std::swap(channel_, other.channel_);
  return *this;
}

LabProcess::~LabProcess() {
  if (id_ < 0 || getpid() != parent_) return;
  kill(id_, SIGKILL);
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<Done> LabProcess::await_report() const {
  std::array<char, 4096> message{};
  ssize_t length = 0;
  do {
    length = recv(channel_.number(), message.data(), message.size(), 0);
  } while (length < 0 && errno == EINTR);
  if (length <= 0) return Error{name_ + " ended before it was ready"};
  if (message[0] == kDone) return Done{};
  return Error{name_ + ": " + std::string(message.data() + 1, static_cast<std::size_t>(length) - 1)};
}

void LabProcess::let_go_on() const {
  send(channel_.number(), &kDone, 1, MSG_NOSIGNAL);
}

Result<FileDescriptor> LabProcess::network() const {
  const std::string path = "/proc/" + std::to_string(id_) + "/ns/net";
  const int number = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) return system_error("open the network of " + name_ + " (" + path + ")", errno);
  return FileDescriptor(number);
}

}  // namespace smtpath::io
