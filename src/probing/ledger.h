#pragma once

// What was asked of one port (or of the echo), probe by probe, in the order of asking, and whether the observer has
// seen an answer to it. Only the asker keeps a ledger; the verdict never sees it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/port_path.h"

namespace smtpath::probing {

struct Asked {
  std::uint8_t slot = 0;
  Ttl ttl;
  /// Absent while the probe waits for its turn; then it has no number either.
  std::optional<Time> sent;
  std::uint16_t number = 0;
  /// Or nothing more is to be learnt: it was refused, or like all others never left this host.
  bool is_answered = false;
};

class Ledger {
 public:
  static constexpr std::size_t kMaxSlots = 16;

  void ask(std::uint8_t slot, Ttl ttl);
  /// Marks what the observer has seen answers to, what was refused, and, as long as none leaves, all that did not.
  /// Call it before any question below.
  void note_answers(const path::PortPath& path);

  bool is_empty() const { return asked_.empty(); }
  /// Sent, or waiting for their turn.
  std::size_t size() const { return asked_.size(); }
  /// When probes with this TTL or more were sent, rising.
  std::vector<Time> sent_from(Ttl ttl) const;
  /// The first slot that nothing was asked on; absent: all are in use.
  std::optional<std::uint8_t> fresh_slot(std::size_t slots) const;
  /// A slot that nothing but this TTL was asked on, so that whatever answers it answers this TTL; else a fresh one.
  std::optional<std::uint8_t> slot_of_only(Ttl ttl, std::size_t slots) const;

  /// The next that waits for its turn; null: none.
  const Asked* next_waiting() const;
  /// Gives the next that waits its time and its number within its flow. Only when there is one.
  const Asked& send_next(Time now);

  /// Takes back what waits for its turn.
  void withdraw_waiting() { asked_.resize(next_waiting_); }

  std::optional<Time> first_sent() const;
  std::optional<Time> last_sent() const;

  /// Waiting for its turn, or sent less than `patience` ago and not answered.
  bool has_open(Time now, Duration patience) const;
  bool is_open_at(Ttl ttl, Time now, Duration patience) const;
  /// When the first of the open probes will have been waited for; absent: none was sent that is open.
  std::optional<Time> next_expiry(Time now, Duration patience) const;
  /// How often this TTL was asked for.
  int asked_at(Ttl ttl) const;
  bool was_asked(std::uint8_t slot, Ttl ttl) const;
  /// Sent with this TTL, waited for and never answered.
  int silent_at(Ttl ttl, Time now, Duration patience) const;

 private:
  std::vector<Asked> asked_;
  /// Of asked_, the sent ones of each slot by rising number.
  std::array<std::vector<std::size_t>, kMaxSlots> numbered_;
  std::size_t next_waiting_ = 0;
};

}  // namespace smtpath::probing
