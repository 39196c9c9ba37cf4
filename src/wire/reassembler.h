#pragma once

// Puts the fragments of IP datagrams together (RFC 791 section 3.2, RFC 8200 section 4.5), in whatever order they come
// and however often. Fragments that overlap in disagreement show a datagram that somebody tampers with: it is given up,
// and what comes of it later is not looked at (RFC 5722). Bounded in datagrams, bytes and time.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <span>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/wire/decoder.h"
#include "wire/ip.h"

namespace smtpath::wire {

class Reassembler {
 public:
  /// How many datagrams are remembered, whole ones and given up ones too, and how many bytes of fragments are kept.
  static constexpr std::size_t kMostDatagrams = 1024;
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;
  /// How long a datagram waits for its last fragment (RFC 8200 section 4.5).
  static constexpr Duration kLongestWait = std::chrono::seconds(60);
  /// How long further fragments of a whole datagram count as the same frames seen again. The identification may come
  /// anew soon.
  static constexpr Duration kRepetitionTime = std::chrono::seconds(1);

  enum class Outcome : std::uint8_t {
    /// Kept or dropped: the datagram is not whole.
    Waiting,
    /// It was the last one missing, and the datagram is now the whole one.
    Completed,
    /// The capture cut it, so nothing can be put together.
    Cut,
  };

  /// Takes a fragment. Its bytes are copied; those of a completed datagram live until forget_completed().
  Outcome add(Time now, IpDatagram& datagram);

  void forget_completed() { completed_.clear(); }

  const FragmentCounters& counters() const { return counters_; }

 private:
  // RFC 791 section 3.2 and RFC 8200 section 4.5; the latter leaves the protocol out, which is 0 then.
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  enum class State : std::uint8_t { Waiting, Completed, GivenUp };

  // In bytes of the datagram's payload.
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  struct Pending {
    Key key;
    /// Of its first fragment in time, or of its completion.
    Time since;
    State state = State::Waiting;
    /// That of the fragment at 0, with which `received` then begins; its payload is not used.
    IpDatagram first;
    /// Known once the last fragment came.
    std::optional<std::uint32_t> length;
    std::vector<std::byte> bytes;
    /// What of `bytes` came, in order and apart from each other.
    std::vector<Range> received;

    bool is_whole() const {
      return length && received.size() == 1 && received.front().begin == 0 && received.front().end == *length;
    }
  };
  using Position = std::list<Pending>::iterator;

  Position find(Time now, const Key& key);
  void expire(Time now);
  /// False when the fragment contradicts what came before it.
  bool take(Position pending, const IpDatagram& fragment, Range range);
  /// Gives the oldest others up where `pending`, grown up to `end`, would go past the bound.
  void make_room(Position pending, std::size_t end);
  void store(Pending& pending, std::span<const std::byte> bytes, Range range);
  bool agrees(const Pending& pending, std::span<const std::byte> bytes, Range range) const;
  void complete(Position pending, Time now, IpDatagram& datagram);
  void give_up(Position pending);
  void erase(Position pending);

  /// In the order of their first fragments.
  std::list<Pending> pending_;
  std::map<Key, Position> by_key_;
  std::size_t bytes_ = 0;
  std::vector<std::vector<std::byte>> completed_;
  FragmentCounters counters_;
};

}  // namespace smtpath::wire
