#pragma once

// What is going to happen in a simulated network, in the order in which it will.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "support/network_path.h"
#include "support/network_rewriting.h"
#include "support/packets.h"

namespace smtpath::test {

enum class Happening : std::uint8_t {
  /// A rule of the device picks the packet.
  RulePicks,
  /// The packet's TTL ends at the device.
  Expires,
  /// The device found out that nobody has the target's address.
  StaysUnresolved,
  /// The packet came to the server, and no rule picks it.
  ReachesServer,
  /// The packet came back to this host.
  ComesBack,
  /// The listener on the device has something to send again; there is no packet.
  WakesListener,
};

struct Event {
  Time at;
  Happening what = Happening::ComesBack;
  /// Which one: first those of the path, then those of its detours, then those of its branches.
  std::size_t device = 0;
  /// The packet's TTL when that happens to it; the initial one of what the listener sends.
  Ttl ttl;
  /// Of RulePicks.
  const Rule* rule = nullptr;
  Bytes packet;
  /// The address that the packet is for, and in whose name the answer comes.
  IpAddress destination;
  /// What devices before did to the packet, the first one first.
  std::vector<Rewritten> changes{};
};

/// Events of one time keep the order in which they were added.
class EventQueue {
 public:
  void add(Event event) {
    heap_.push_back({.number = next_number_++, .event = std::move(event)});
    std::push_heap(heap_.begin(), heap_.end(), is_later);
  }

  std::optional<Time> next() const {
    if (heap_.empty()) return {};
    return heap_.front().event.at;
  }

  /// Only when there is a next one.
  Event take() {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    Event event = std::move(heap_.back().event);
    heap_.pop_back();
    return event;
  }

 private:
  struct Entry {
    std::uint64_t number = 0;
    Event event;
  };

  static bool is_later(const Entry& a, const Entry& b) {
    return a.event.at != b.event.at ? a.event.at > b.event.at : a.number > b.number;
  }

  std::vector<Entry> heap_;
  std::uint64_t next_number_ = 0;
};

}  // namespace smtpath::test
