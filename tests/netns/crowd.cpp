#include "netns/crowd.h"

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "io/socket_address.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::test {

namespace {

using io::FileDescriptor;
using io::SocketAddress;

/// The kernel holds one more than it was asked for.
constexpr int kBacklog = 1;
constexpr int kQueue = kBacklog + 1;
constexpr Port kMail{25};

void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

FileDescriptor open_socket() {
  FileDescriptor opened(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  demand(opened.is_open(), "open a socket of the crowd");
  return opened;
}

FileDescriptor open_shop() {
  FileDescriptor shop = open_socket();
  const int off = 0;
  setsockopt(shop.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  const SocketAddress any(IpAddress::v6(std::array<std::byte, 16>{}), kMail);
  demand(bind(shop.number(), any.get(), any.length()) == 0, "bind the crowded port");
  demand(listen(shop.number(), kBacklog) == 0, "listen on the crowded port");
  return shop;
}

FileDescriptor queue_up() {
  FileDescriptor customer = open_socket();
  const SocketAddress here(*IpAddress::parse("::1"), kMail);
  demand(connect(customer.number(), here.get(), here.length()) == 0, "queue up at the crowded port");
  return customer;
}

}  // namespace

Crowd::Crowd(const io::Lab& lab, Pace pace) {
  auto full = is_full_.get_future();
  work_ = std::async(std::launch::async, [this, &lab, pace] { press(lab, pace); });
  full.get();
}

Crowd::~Crowd() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_all();
  work_.wait();
}

void Crowd::press(const io::Lab& lab, Pace pace) {
  try {
    demand(static_cast<bool>(lab.enter(lab.server_node())), "enter the crowded server");
    const FileDescriptor shop = open_shop();
    std::vector<FileDescriptor> customers;
    for (int i = 0; i < kQueue; ++i) customers.push_back(queue_up());
    is_full_.set_value();
    while (rest(pace.full)) {
      if (pace.free == std::chrono::milliseconds::zero()) continue;
      const FileDescriptor served(accept4(shop.number(), nullptr, nullptr, SOCK_CLOEXEC));
      customers.erase(customers.begin());
      if (!rest(pace.free)) return;
      customers.push_back(queue_up());
    }
  } catch (...) {
    is_full_.set_exception(std::current_exception());
  }
}

/// False: it is over.
bool Crowd::rest(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !ended_.wait_for(lock, time, [&] { return has_ended_; });
}

}  // namespace smtpath::test
