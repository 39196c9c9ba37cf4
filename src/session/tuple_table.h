#pragma once

// Finds a connection by its two endpoints, whichever of them sent: open addressing with linear probing. What an
// attacker can make of it is bounded: places are looked for within kFarthest of where they should be.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "smtpath/session/session.h"
#include "smtpath/wire/packet.h"

namespace smtpath::session {

/// The same for both directions.
std::uint32_t hash_of(const wire::IpHeader& ip, const wire::TcpSegment& tcp);
std::uint32_t hash_of(const Endpoint& one, const Endpoint& other);

class TupleTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  TupleTable();

  /// The first entry with this hash for which `is_it(entry)` holds; kNone.
  template <class Predicate>
  std::uint32_t find(std::uint32_t hash, Predicate is_it) const {
    for (std::size_t at = hash & mask_, steps = 0; slots_[at].entry != kNone && steps < kFarthest;
         at = (at + 1) & mask_, ++steps) {
      if (slots_[at].hash == hash && is_it(slots_[at].entry)) return slots_[at].entry;
    }
    return kNone;
  }

  /// False: too many others are where it should be.
  bool insert(std::uint32_t hash, std::uint32_t entry);
  void erase(std::uint32_t hash, std::uint32_t entry);

 private:
  static constexpr std::size_t kFarthest = 256;

  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = kNone;
  };
  void grow();

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t count_ = 0;
};

}  // namespace smtpath::session
