#include "support/thrower.h"

#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

#include "io/socket_address.h"

namespace smtpath::test {

namespace {

constexpr int kFirstRouter = 1;
constexpr std::size_t kBatch = 64;

}  // namespace

struct Thrower::State {
  using Clock = std::chrono::steady_clock;

  State(LabEar listening, io::FileDescriptor throwing, Forger& forging)
      : ear(std::move(listening)), raw(std::move(throwing)), forger(forging) {}

  LabEar ear;
  io::FileDescriptor raw;
  io::SocketAddress client;
  Forger& forger;
  ThrowingLimits limits;
  std::atomic<bool> is_stopped = false;
  std::atomic<std::size_t> thrown = 0;

  void run() {
    const auto end = Clock::now() + limits.time;
    while (!is_stopped && Clock::now() < end && thrown < limits.packets) {
      listen();
      if (forger.has_seen_probe()) throw_batch();
    }
  }

  void listen() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      const auto heard = ear.hear();
      if (!heard) return;
      forger.see(*heard);
    }
  }

  void throw_batch() {
    std::array<Bytes, kBatch> packets;
    std::array<iovec, kBatch> pieces{};
    std::array<mmsghdr, kBatch> messages{};
    io::SocketAddress to = client;
    for (std::size_t i = 0; i < kBatch; ++i) {
      packets[i] = forger.next();
      pieces[i] = {.iov_base = packets[i].data(), .iov_len = packets[i].size()};
      messages[i].msg_hdr.msg_name = to.fill();
      messages[i].msg_hdr.msg_namelen = to.length();
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = sendmmsg(raw.number(), messages.data(), kBatch, 0);
    if (sent > 0) thrown += static_cast<std::size_t>(sent);
  }
};

Result<Thrower> Thrower::start(const io::Lab& lab, Family family, Forger& forger, const ThrowingLimits& limits) {
  auto ear = LabEar::open(lab, kFirstRouter);
  if (!ear) return ear.error();
  auto raw = open_raw_socket(lab, kFirstRouter, family);
  if (!raw) return raw.error();
  auto state = std::make_unique<State>(std::move(ear).value(), std::move(raw).value(), forger);
  state->client = io::SocketAddress(lab.client(family));
  state->limits = limits;
  return Thrower(std::move(state));
}

Thrower::Thrower(std::unique_ptr<State> state)
    : state_(std::move(state)), thread_([running = state_.get()] { running->run(); }) {}

Thrower::Thrower(Thrower&& other) noexcept = default;

Thrower::~Thrower() {
  stop();
}

std::size_t Thrower::thrown() const {
  return state_->thrown;
}

std::size_t Thrower::stop() {
  if (!state_) return 0;
  state_->is_stopped = true;
  if (thread_.joinable()) thread_.join();
  return state_->thrown;
}

}  // namespace smtpath::test
