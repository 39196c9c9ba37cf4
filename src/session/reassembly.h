#pragma once

// One direction of a connection as a stream of bytes (RFC 9293 section 3.4): what comes next passes through without a
// copy, what comes early waits here within bounds. The first bytes seen of any sequence number are the ones that count.
// What to do about a hole is its owner's business.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "session/segment.h"

namespace smtpath::session {

/// What all directions of all connections share.
struct Waiting {
  /// Bytes kept until what lies before them is there, with what keeping them costs.
  std::size_t kept = 0;
  /// Bytes that came again with other contents while the first were kept.
  std::uint64_t disagreeing = 0;
};

/// Bytes in a row, and what the sender had of the other side when it sent them.
struct Piece {
  std::uint32_t begin = 0;
  /// As sent; more than bytes.size() where the capture cut the segment short.
  std::uint32_t length = 0;
  std::uint32_t acknowledgment = 0;
  Time at;
  std::vector<std::byte> bytes;

  std::uint32_t end() const { return begin + length; }
  /// What it counts for against the bounds.
  std::size_t cost() const { return sizeof(Piece) + bytes.size(); }
};

class Reassembly {
 public:
  Reassembly() = default;
  Reassembly(Reassembly&&) noexcept = default;
  Reassembly& operator=(Reassembly&&) noexcept = default;
  ~Reassembly() = default;

  /// Nothing is known of the side before: neither its packets nor acknowledgments of them.
  bool is_begun() const { return is_begun_; }
  /// `first` is the sequence number of the first byte, as the side itself shows it.
  void begin(std::uint32_t first);
  /// As the other side acknowledges it; the side's first packet may correct it.
  void assume(std::uint32_t first);
  bool is_assumed() const { return is_assumed_; }

  /// Of the next byte in order.
  std::uint32_t next() const { return next_; }
  /// Behind the last one that was sent, a FIN counted.
  std::uint32_t sent_end() const { return sent_end_; }
  /// Behind the last one that the other side says it has.
  std::uint32_t acknowledged() const { return acknowledged_; }
  bool is_acknowledged_beyond_next() const;
  bool has_fin() const { return has_fin_; }
  bool is_fin_acknowledged() const;
  /// Behind the last byte that must have been sent: before its FIN, or as far as it was acknowledged.
  std::uint32_t end() const { return has_fin_ ? fin_at_ : acknowledged_; }

  enum class Place : std::uint8_t {
    /// Before the window, or far ahead: nobody's bytes.
    Strange,
    /// All of it was seen.
    Seen,
    /// It begins at next(), and nothing waits.
    Next,
    /// It has something new.
    New,
  };
  Place place_of(const Segment& segment) const;
  /// Some of its bytes were sent before the capture began.
  bool is_before_capture(const Segment& segment) const;
  /// New bytes all of which were sent after others had been that lie behind them.
  bool is_late(const Segment& segment) const;

  void note_sent(std::uint32_t end);
  void note_fin(std::uint32_t at);
  /// An acknowledgment by the other side; one that cannot be is ignored.
  void note_acknowledged(std::uint32_t acknowledgment);

  /// The bytes up to `end` were delivered, or given up.
  void advance(std::uint32_t end);

  /// Keeps what is new of the segment, and compares the rest with what waits.
  void keep(const Segment& segment, Waiting& waiting);
  /// The first that waits; nullptr: none does.
  const Piece* first_waiting() const { return pieces_ && !pieces_->empty() ? &pieces_->front() : nullptr; }
  /// What `first_waiting` shows, with what lies before next() cut off.
  Piece take(Waiting& waiting);
  /// More waits than one direction may keep.
  bool is_full() const;
  void clear(Waiting& waiting);

 private:
  struct Part;
  void insert(const std::deque<Piece>::const_iterator& place, const Part& part, Waiting& waiting);

  std::uint32_t next_ = 0;
  /// Of the first byte, or of some later one that lies far before next().
  std::uint32_t first_ = 0;
  std::uint32_t sent_end_ = 0;
  std::uint32_t acknowledged_ = 0;
  std::uint32_t fin_at_ = 0;
  bool is_begun_ = false;
  bool is_assumed_ = false;
  bool has_fin_ = false;
  std::size_t kept_ = 0;
  std::unique_ptr<std::deque<Piece>> pieces_;
};

}  // namespace smtpath::session
