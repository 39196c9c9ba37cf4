#pragma once

// Watches that what the kernel took leaves: a probe that no interface shows in time was stopped on this host, or waits
// for the address of its next hop.

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"
#include "smtpath/path/observer.h"

namespace smtpath::app {

class Departures {
 public:
  /// The kernel took this packet of ours.
  void note_sent(Time now, std::span<const std::byte> packet);

  /// When the next packet is due; absent: none is on its way.
  std::optional<Time> next() const;

  /// Hands over a frame for each packet that is due and that the observer has not been shown, unless the capture lost
  /// packets meanwhile. Call it when all frames that are waiting have been read. The frame lives for the call.
  void collect(Time now, const path::Observer& observer, const std::function<void(const Frame&)>& on_unseen);

 private:
  struct Departure {
    Time sent;
    std::vector<std::byte> packet;
  };
  std::deque<Departure> departures_;
};

}  // namespace smtpath::app
