#pragma once

// All connections at hand, found by their endpoints, and in the order in which they fell quiet: one list for each kind
// of silence. An entry's place in its list is renewed once a second at most, so that order is good to a second.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "session/connection.h"
#include "session/newcomer.h"
#include "session/tuple_table.h"
#include "smtpath/session/session.h"

namespace smtpath::session {

/// Which silence of an entry is waited for.
enum class Silence : std::uint8_t {
  /// After its end: for stray packets.
  Closed,
  Broken,
  /// Longer than between SYNs.
  Opening,
  /// So long that nobody will come back.
  Open,
  /// Of a connection on another port, until it shows what it is.
  Newcomer,
  /// Of one that is known to be nothing of ours though its client uses the number of a mail port.
  Ignored,
  /// None: it has ended, and is to be told.
  Ended,
};
inline constexpr std::size_t kSilences = 7;

struct Entry {
  Endpoint client;
  Endpoint server;
  std::uint32_t hash = 0;
  std::uint32_t before = TupleTable::kNone;
  std::uint32_t behind = TupleTable::kNone;
  Silence silence = Silence::Open;
  /// When its place in the list was last renewed, by the observer's clock.
  Duration listed{};
  /// One of the two; neither of what is ignored.
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Newcomer> newcomer;
  /// Of one that has ended.
  Ending ending = Ending::Closed;
  Time end;
  /// Rises with every entry.
  std::uint64_t number = 0;
};

class Entries {
 public:
  static constexpr std::uint32_t kNone = TupleTable::kNone;

  /// By the endpoints of a packet in either direction.
  std::uint32_t find(const wire::IpHeader& ip, const wire::TcpSegment& tcp) const;
  std::uint32_t find(const Endpoint& one, const Endpoint& other) const;

  Entry& operator[](std::uint32_t entry) { return entries_[entry]; }
  const Entry& operator[](std::uint32_t entry) const { return entries_[entry]; }

  /// kNone: there is no room for it.
  std::uint32_t add(const Endpoint& client, const Endpoint& server, Silence silence, Duration now);
  /// To the end of a list, when it is not there for less than a second.
  void renew(std::uint32_t entry, Silence silence, Duration now);
  /// No longer found; last in the list of what has ended.
  void end(std::uint32_t entry, Duration now);
  void remove(std::uint32_t entry);

  /// The one that fell quiet first; kNone.
  std::uint32_t quietest(Silence silence) const { return lists_[static_cast<std::size_t>(silence)].first; }
  std::size_t count(Silence silence) const { return lists_[static_cast<std::size_t>(silence)].count; }
  /// All in a list, in its order.
  std::vector<std::uint32_t> all(Silence silence) const;

 private:
  struct List {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::size_t count = 0;
  };
  List& list(Silence silence) { return lists_[static_cast<std::size_t>(silence)]; }
  void append(std::uint32_t entry, Silence silence, Duration now);
  void detach(std::uint32_t entry);

  TupleTable table_;
  /// In pieces, so that growing takes no room twice.
  std::deque<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::array<List, kSilences> lists_{};
  std::uint64_t numbers_ = 0;
};

}  // namespace smtpath::session
