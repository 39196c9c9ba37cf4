#include "session/tuple_table.h"

#include <cstring>
#include <span>
#include <utility>

namespace smtpath::session {

namespace {

constexpr std::size_t kFirstSlots = 1024;
/// At most a quarter of the slots is taken, so that no entry is far from its place.
constexpr std::size_t kSlotsForOne = 4;

std::uint64_t mixed(std::uint64_t value) {
  constexpr std::uint64_t kOdd = 0xD6E8FEB86659FD93U;
  value ^= value >> 32U;
  value *= kOdd;
  value ^= value >> 29U;
  return value;
}

std::uint64_t hash_of(const IpAddress& address, Port port) {
  const std::span<const std::byte> bytes = address.bytes();
  if (address.is_ipv4()) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    return mixed(std::uint64_t{word} << 16U | port.number);
  }
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, bytes.data(), sizeof high);
  std::memcpy(&low, bytes.data() + sizeof high, sizeof low);
  return mixed(mixed(high + port.number) + low);
}

std::uint32_t joined(std::uint64_t one, std::uint64_t other) {
  return static_cast<std::uint32_t>(mixed(one + other) >> 16U);
}

}  // namespace

std::uint32_t hash_of(const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  return joined(hash_of(ip.source, tcp.source_port), hash_of(ip.destination, tcp.destination_port));
}

std::uint32_t hash_of(const Endpoint& one, const Endpoint& other) {
  return joined(hash_of(one.address, one.port), hash_of(other.address, other.port));
}

TupleTable::TupleTable() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

bool TupleTable::insert(std::uint32_t hash, std::uint32_t entry) {
  if ((count_ + 1) * kSlotsForOne > slots_.size()) grow();
  std::size_t at = hash & mask_;
  for (std::size_t steps = 0; slots_[at].entry != kNone; at = (at + 1) & mask_) {
    if (++steps == kFarthest) return false;
  }
  slots_[at] = {hash, entry};
  ++count_;
  return true;
}

void TupleTable::erase(std::uint32_t hash, std::uint32_t entry) {
  std::size_t hole = hash & mask_;
  while (slots_[hole].entry != entry) hole = (hole + 1) & mask_;
  --count_;
  // Whoever lies behind the hole and belongs before it or into it moves up.
  for (std::size_t at = (hole + 1) & mask_; slots_[at].entry != kNone; at = (at + 1) & mask_) {
    const std::size_t distance_of_home = (at - (slots_[at].hash & mask_)) & mask_;
    const std::size_t distance_of_hole = (at - hole) & mask_;
    if (distance_of_home < distance_of_hole) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
}

void TupleTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.entry == kNone) continue;
    std::size_t at = slot.hash & mask_;
    while (slots_[at].entry != kNone) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

}  // namespace smtpath::session
