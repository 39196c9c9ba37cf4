#include "support/lab_socket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <thread>

#include "io/system_error.h"

namespace smtpath::test {

namespace {

using io::FileDescriptor;

constexpr std::size_t kLongestPacket = 1 << 16;
constexpr int kBuffer = 64 << 20;

}  // namespace

// A socket stays in the network that it was opened in, and a thread that has entered one never leaves it.
Result<FileDescriptor> open_in(const io::Lab& lab, int node, const std::function<Result<FileDescriptor>()>& open) {
  Result<FileDescriptor> socket = Error{"the thread did not run"};
  std::thread([&] {
    const auto entered = lab.enter(node);
    socket = entered ? open() : entered.error();
  }).join();
  return socket;
}

LabEar::LabEar(io::FileDescriptor socket) : socket_(std::move(socket)), buffer_(kLongestPacket) {}

Result<LabEar> LabEar::open(const io::Lab& lab, int node) {
  auto opened = open_in(lab, node, []() -> Result<FileDescriptor> {
    FileDescriptor ear(socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    const int on = 1;
    const bool is_set = ear.is_open() &&
                        setsockopt(ear.number(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == 0 &&
                        setsockopt(ear.number(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) == 0;
    if (!is_set) return io::system_error("listen in a node", errno);
    return ear;
  });
  if (!opened) return opened.error();
  return LabEar(std::move(opened).value());
}

std::optional<Bytes> LabEar::hear() {
  while (true) {
    const ssize_t size = recv(socket_.number(), buffer_.data(), buffer_.size(), 0);
    if (size < 0) return {};
    const unsigned version = size == 0 ? 0 : std::to_integer<unsigned>(buffer_[0]) >> 4U;
    if (version == 4 || version == 6) return Bytes(buffer_.begin(), buffer_.begin() + size);
  }
}

Bytes LabEar::await() {
  while (true) {
    if (auto packet = hear()) return std::move(*packet);
    wait(-1);
  }
}

void LabEar::wait(int milliseconds) {
  pollfd waiting{.fd = socket_.number(), .events = POLLIN, .revents = 0};
  poll(&waiting, 1, milliseconds);
}

Result<FileDescriptor> open_raw_socket(const io::Lab& lab, int node, Family family) {
  return open_in(lab, node, [family]() -> Result<FileDescriptor> {
    FileDescriptor raw(socket(family == Family::Ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    if (!raw.is_open()) return io::system_error("open a raw socket in a node", errno);
    setsockopt(raw.number(), SOL_SOCKET, SO_SNDBUFFORCE, &kBuffer, sizeof kBuffer);
    return raw;
  });
}

}  // namespace smtpath::test
