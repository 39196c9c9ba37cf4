#pragma once

// What the client asked and the server has not answered yet, in order (RFC 2920: commands may come in groups). Runs of
// the same command are one entry, so that a thousand recipients cost no more than one; past kMostRuns what comes is one
// run of Other.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

/// What is owed one reply.
struct Due {
  Verb verb = Verb::Other;
  /// The end of a message: DATA's final dot, BDAT's last chunk.
  bool is_message = false;
  friend bool operator==(const Due&, const Due&) = default;
};

class CommandQueue {
 public:
  static constexpr std::size_t kMostRuns = 64;

  void push(Due due, std::uint32_t count = 1);
  /// Precondition for the three: not empty.
  Due front() const { return runs_.front().due; }
  Due back() const { return runs_.back().due; }
  void pop();

  bool is_empty() const { return runs_.empty(); }
  bool contains(Due due) const;
  /// What waits right behind the first.
  std::optional<Due> second() const;
  void pop_until(Due due);
  void clear() { runs_.clear(); }

  /// From here on a new group begins: what was asked before it can be told from what comes.
  void begin_group() { older_ = size(); }
  /// Drops what was asked before the last group: replies to it were lost.
  void drop_older_groups();

 private:
  struct Run {
    Due due;
    std::uint32_t count = 0;
  };
  std::uint32_t size() const;

  std::vector<Run> runs_;
  std::uint32_t older_ = 0;
};

}  // namespace smtpath::smtp
