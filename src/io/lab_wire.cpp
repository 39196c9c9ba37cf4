#include "io/lab_wire.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include "io/lab_links.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

using Clock = std::chrono::steady_clock;

// Both are above what a second of 10,000 frames needs.
constexpr int kReceiveBuffer = 64 << 20;
constexpr std::size_t kMostFrames = 1 << 16;
constexpr std::size_t kLongestFrame = 1 << 16;
// As many frames are read from one side before the other side and the clock have their turn.
constexpr int kBatch = 64;

// On a packet socket a frame that this process sends would come back as received, but for PACKET_IGNORE_OUTGOING.
Result<FileDescriptor> open_side(const char* interface) {
  const std::string what = std::string("open the wire's interface ") + interface;
  FileDescriptor side(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!side.is_open()) return system_error(what, errno);
  const int on = 1;
  if (setsockopt(side.number(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0) {
    return system_error(what, errno);
  }
  if (setsockopt(side.number(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    return system_error(what, errno);
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  if (bind(side.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_error(what, errno);
  }
  return side;
}

// ARP, or ICMPv6 133 to 137 (RFC 4861, section 4) right after the IPv6 header.
bool finds_neighbours(std::span<const std::byte> frame) {
  constexpr std::size_t kEtherType = 12;
  constexpr std::size_t kNextHeader = 14 + 6;
  constexpr std::size_t kIcmpType = 14 + 40;
  const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(frame[at]); };
  if (frame.size() < kEtherType + 2) return false;
  const unsigned ether_type = byte(kEtherType) << 8U | byte(kEtherType + 1);
  if (ether_type == ETHERTYPE_ARP) return true;
  if (ether_type != ETHERTYPE_IPV6 || frame.size() <= kIcmpType || byte(kNextHeader) != IPPROTO_ICMPV6) return false;
  return byte(kIcmpType) >= 133 && byte(kIcmpType) <= 137;
}

// One direction: what came in at one side and is not due yet at the other.
class Direction {
 public:
  Direction(const LabLink& link, const FileDescriptor& from, const FileDescriptor& to, unsigned seed)
      : link_(link), from_(from), to_(to), random_(seed), buffer_(kLongestFrame) {}

  void take_in() {
    for (int i = 0; i < kBatch; ++i) {
      const ssize_t length = recv(from_.number(), buffer_.data(), buffer_.size(), 0);
      if (length < 0) return;
      const auto frame = std::span<const std::byte>(buffer_).first(static_cast<std::size_t>(length));
      if (waiting_.size() == kMostFrames || is_lost(frame)) continue;
      waiting_.push_back({Clock::now() + link_.one_way_delay, {frame.begin(), frame.end()}});
    }
  }

  void send_due(Clock::time_point now) {
    while (!waiting_.empty() && waiting_.front().due <= now) {
      const std::vector<std::byte>& frame = waiting_.front().frame;
      send(to_.number(), frame.data(), frame.size(), 0);
      waiting_.pop_front();
    }
  }

  std::optional<Clock::time_point> next_due() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().due;
  }

 private:
  struct Delayed {
    Clock::time_point due;
    std::vector<std::byte> frame;
  };

  bool is_lost(std::span<const std::byte> frame) {
    if (link_.loss <= 0 || finds_neighbours(frame)) return false;
    return std::uniform_real_distribution<double>()(random_) < link_.loss;
  }

  const LabLink& link_;
  const FileDescriptor& from_;
  const FileDescriptor& to_;
  std::mt19937 random_;
  std::vector<std::byte> buffer_;
  std::deque<Delayed> waiting_;
};

}  // namespace

Result<LabWire> LabWire::open(const LabLink& link) {
  auto left = open_side(kLeft);
  if (!left) return left.error();
  auto right = open_side(kRight);
  if (!right) return right.error();
  return LabWire(link, std::move(left).value(), std::move(right).value());
}

LabWire::LabWire(const LabLink& link, FileDescriptor left, FileDescriptor right)
    : link_(link), left_(std::move(left)), right_(std::move(right)) {}

void LabWire::carry(int stop) {
  Direction there(link_, left_, right_, link_.seed);
  Direction back(link_, right_, left_, ~link_.seed);
  for (;;) {
    std::optional<Clock::time_point> due = there.next_due();
    if (const auto other = back.next_due(); other && (!due || *other < *due)) due = other;
    timespec rest{};
    if (due) {
      const auto left = std::max(Duration::zero(), std::chrono::duration_cast<Duration>(*due - Clock::now()));
      rest = {left / std::chrono::seconds(1), (left % std::chrono::seconds(1)).count()};
    }
    std::array<pollfd, 3> waiting{pollfd{stop, POLLIN, 0}, {left_.number(), POLLIN, 0}, {right_.number(), POLLIN, 0}};
    ppoll(waiting.data(), waiting.size(), due ? &rest : nullptr, nullptr);
    if (waiting[0].revents != 0) return;
    there.take_in();
    back.take_in();
    there.send_due(Clock::now());
    back.send_due(Clock::now());
  }
}

}  // namespace smtpath::io
