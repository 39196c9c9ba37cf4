#pragma once

// What the link says of the addresses that packets for the targets of a plan are handed to first.

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

class NextHops {
 public:
  explicit NextHops(const Plan& plan);

  /// Writes it to every target behind that next hop; the first of them, if this was news.
  std::optional<std::size_t> note(const wire::Packet& packet, const wire::Neighbor& neighbor,
                                  std::vector<PathTrace>& traces);

 private:
  /// A next hop, and the targets that packets reach by it.
  struct Behind {
    NextHop next_hop;
    std::vector<std::size_t> targets;
  };
  std::unordered_map<IpAddress, Behind> behind_;
};

}  // namespace smtpath::path
