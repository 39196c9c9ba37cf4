#include "support/tap_device.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "io/system_error.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kLongestFrame = 1 << 16;
constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kEtherTypeAt = 12;

// Destination kAddress, source kNeighbour.
constexpr std::array<unsigned char, kEtherTypeAt> kToInterface{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};

bool is_ip(std::span<const std::byte> frame) {
  if (frame.size() < kEthernetHeader) return false;
  const unsigned type =
      std::to_integer<unsigned>(frame[kEtherTypeAt]) << 8U | std::to_integer<unsigned>(frame[kEtherTypeAt + 1]);
  return type == ETHERTYPE_IP || type == ETHERTYPE_IPV6;
}

}  // namespace

Result<TapDevice> TapDevice::create(const std::string& name) {
  io::FileDescriptor file(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return io::system_error("open /dev/net/tun", errno);
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (ioctl(file.number(), TUNSETIFF, &request) != 0) return io::system_error("create the interface " + name, errno);
  return TapDevice(std::move(file));
}

TapDevice::TapDevice(io::FileDescriptor file) : file_(std::move(file)), received_(kLongestFrame) {}

std::optional<std::span<const std::byte>> TapDevice::read() {
  while (true) {
    const ssize_t length = ::read(file_.number(), received_.data(), received_.size());
    if (length < 0) return {};
    const auto frame = std::span<const std::byte>(received_).first(static_cast<std::size_t>(length));
    if (is_ip(frame)) return frame.subspan(kEthernetHeader);
  }
}

Result<Done> TapDevice::write(std::span<const std::byte> packet) {
  const bool is_ipv4 = !packet.empty() && packet[0] >> 4 == std::byte{4};
  const unsigned type = is_ipv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6;
  const auto header = std::as_bytes(std::span(kToInterface));
  sent_.assign(header.begin(), header.end());
  sent_.push_back(static_cast<std::byte>(type >> 8));
  sent_.push_back(static_cast<std::byte>(type & 0xff));
  sent_.insert(sent_.end(), packet.begin(), packet.end());
  if (::write(file_.number(), sent_.data(), sent_.size()) < 0) return io::system_error("write to the interface", errno);
  return Done{};
}

}  // namespace smtpath::test
