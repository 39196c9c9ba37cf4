#include "io/lab_node.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "io/command.h"
#include "io/lab_links.h"
#include "io/lab_listener.h"
#include "io/lab_wire.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr std::chrono::seconds kPatience(10);

Result<Done> make(const LabSetting& setting) {
  const std::string path = "/proc/sys/net/" + setting.name;
  const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open " + path, errno);
  if (write(file.number(), setting.value.data(), setting.value.size()) < 0) return system_error("write " + path, errno);
  return Done{};
}

Result<Done> make_all(const std::vector<LabSetting>& settings) {
  for (const LabSetting& setting : settings) {
    if (auto made = make(setting); !made) return made;
  }
  return Done{};
}

ifreq request_for(const std::string& interface) {
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

// Left to the interface, checksums would be missing from the frames that a wire carries and that captures show.
Result<Done> compute_checksums(const FileDescriptor& control, const std::string& interface) {
  ethtool_value off{ETHTOOL_STXCSUM, 0};
  ifreq request = request_for(interface);
  request.ifr_data = reinterpret_cast<char*>(&off);
  if (ioctl(control.number(), SIOCETHTOOL, &request) != 0) {
    return system_error("turn off offload of " + interface, errno);
  }
  return Done{};
}

// An interface comes up only some time after both its ends were told to.
Result<Done> wait_until_up(const FileDescriptor& control, const std::string& interface) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    ifreq request = request_for(interface);
    if (ioctl(control.number(), SIOCGIFFLAGS, &request) != 0) return system_error("look at " + interface, errno);
    if ((request.ifr_flags & IFF_RUNNING) != 0) return Done{};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return Error{interface + " does not come up"};
}

Result<Done> set_up(const LabMember& member) {
  const FileDescriptor control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const std::string& interface : member.interfaces) {
    if (auto done = compute_checksums(control, interface); !done) return done;
  }
  if (auto done = feed({"ip", "-batch", "-"}, member.addresses); !done) return done;
  if (!member.rules.empty()) {
    if (auto done = feed({"nft", "-f", "-"}, member.rules); !done) return done;
  }
  for (const std::string& interface : member.interfaces) {
    if (auto done = wait_until_up(control, interface); !done) return done;
  }
  for (const std::string& script : member.scripts) {
    if (auto done = feed({"sh", "-e", "-c", script}, {}); !done) return done;
  }
  return Done{};
}

void be_wire(const LabLink& link, const LabParent& parent) {
  auto wire = LabWire::open(link);
  if (!wire) return parent.report(wire.error());
  parent.report(Done{});
  wire.value().carry(parent.channel());
}

void be_node(const std::vector<Port>& ports, const LabParent& parent) {
  const auto listeners = listen_on(ports);
  if (!listeners) return parent.report(listeners.error());
  parent.report(Done{});
  greet(listeners.value(), parent.channel());
}

}  // namespace

void live_as(const LabMember& member, const LabParent& parent) {
  parent.report(make_all(member.settings));
  if (!parent.await()) return;
  if (auto done = set_up(member); !done) return parent.report(done);
  if (member.wire) {
    be_wire(*member.wire, parent);
  } else {
    be_node(member.ports, parent);
  }
}

}  // namespace smtpath::io
