#include "support/internet_lab.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "io/command.h"
#include "io/system_error.h"
#include "support/tap_device.h"

namespace smtpath::test {

namespace {

using io::FileDescriptor;

constexpr const char* kUplink = "uplink";

struct Uplink {
  TapDevice device;
  /// The namespace that it is in.
  FileDescriptor network;
};

// Neighbours are known beforehand, and a burst of probes finds room.
std::string addresses() {
  const std::array<std::pair<Family, int>, 2> families{{{Family::Ipv4, 24}, {Family::Ipv6, 64}}};
  std::string batch =
      fmt::format("link set lo up\nlink set {} address {} txqueuelen 100000 up\n", kUplink, TapDevice::kAddress);
  for (const auto& [family, length] : families) {
    const std::string client = to_string(internet_client(family));
    const std::string gateway = client.substr(0, client.size() - 1) + "1";
    batch += fmt::format("addr add {}/{} dev {} {}\n", client, length, kUplink, family == Family::Ipv6 ? "nodad" : "");
    batch += fmt::format("neigh add {} lladdr {} dev {} nud permanent\n", gateway, TapDevice::kNeighbour, kUplink);
    batch += fmt::format("route add default via {} dev {}\n", gateway, kUplink);
  }
  return batch;
}

// The calling thread moves into a new namespace for good.
Result<Uplink> open_uplink() {
  if (unshare(CLONE_NEWNET) != 0) return io::system_error("create a network namespace", errno);
  FileDescriptor network(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!network.is_open()) return io::system_error("open a network namespace", errno);
  auto device = TapDevice::create(kUplink);
  if (!device) return device.error();
  if (auto done = io::feed({"ip", "-batch", "-"}, addresses(), network); !done) return done.error();
  return Uplink{.device = std::move(device).value(), .network = std::move(network)};
}

// Real time as the Internet's: it begins at the real-time clock and never runs backwards.
class RunningTime {
 public:
  Time now() const { return start_ + std::chrono::duration_cast<Duration>(Clock::now() - began_); }

 private:
  using Clock = std::chrono::steady_clock;
  Time start_ = std::chrono::system_clock::now();
  Clock::time_point began_ = Clock::now();
};

timespec until(Time next, Time now) {
  const Duration rest = std::max(next - now, Duration{});
  return {.tv_sec = rest / std::chrono::seconds(1), .tv_nsec = (rest % std::chrono::seconds(1)).count()};
}

void deliver_due(Internet& internet, TapDevice& device, Time now) {
  while (true) {
    const auto next = internet.next_event();
    if (!next || *next > now) return;
    // An interface that is down loses what arrives, like any other.
    for (const Bytes& packet : internet.advance()) static_cast<void>(device.write(packet).ok());
  }
}

void take_in(Internet& internet, TapDevice& device, const RunningTime& time) {
  // So many before what is due has its turn.
  constexpr int kBatch = 64;
  for (int i = 0; i < kBatch; ++i) {
    const auto packet = device.read();
    if (!packet) return;
    internet.send(time.now(), *packet);
  }
}

void play(Internet& internet, TapDevice& device, int stop) {
  const RunningTime time;
  while (true) {
    const auto next = internet.next_event();
    const timespec rest = until(next.value_or(Time{}), time.now());
    std::array<pollfd, 2> waiting{pollfd{.fd = stop, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = device.descriptor(), .events = POLLIN, .revents = 0}};
    ppoll(waiting.data(), waiting.size(), next ? &rest : nullptr, nullptr);
    if (waiting[0].revents != 0) return;
    take_in(internet, device, time);
    deliver_due(internet, device, time.now());
  }
}

}  // namespace

Result<InternetLab> InternetLab::build(const InternetSpec& spec) {
  InternetLab lab;
  lab.stop_ = FileDescriptor(eventfd(0, EFD_CLOEXEC));
  if (!lab.stop_.is_open()) return io::system_error("create an event", errno);
  lab.internet_ = std::make_unique<Internet>(spec);
  std::promise<Result<FileDescriptor>> ready;
  auto network = ready.get_future();
  lab.thread_ = std::thread([&ready, &internet = *lab.internet_, stop = lab.stop_.number()] {
    auto uplink = open_uplink();
    if (!uplink) return ready.set_value(uplink.error());
    TapDevice device = std::move(uplink.value().device);
    ready.set_value(std::move(uplink.value().network));
    play(internet, device, stop);
  });
  auto opened = network.get();
  if (!opened) return opened.error();
  lab.network_ = std::move(opened).value();
  return lab;
}

InternetLab::~InternetLab() {
  if (internet_) finish();
}

Result<io::LabOutcome> InternetLab::run(const io::LabCommand& command) const {
  return io::run_command(command, {}, network_);
}

InternetFigures InternetLab::finish() {
  if (thread_.joinable()) {
    eventfd_write(stop_.number(), 1);
    thread_.join();
  }
  return internet_->figures();
}

}  // namespace smtpath::test
