#pragma once

// Splits one direction of a TLS connection into its records (RFC 8446 section 5.1), however it is cut, and notices
// where it stops being TLS. Of the records it keeps nothing but the header under way.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace smtpath::session {

enum class TlsContent : std::uint8_t {
  ChangeCipherSpec = 20,
  Alert = 21,
  Handshake = 22,
  ApplicationData = 23,
  Heartbeat = 24,
};

/// Bytes of one record.
struct TlsFragment {
  TlsContent content = TlsContent::ApplicationData;
  /// Of the whole record.
  std::uint16_t record_length = 0;
  bool is_record_start = false;
  bool is_record_end = false;
  std::span<const std::byte> bytes;
};

class TlsRecordReader {
 public:
  static constexpr std::size_t kHeader = 5;

  enum class State : std::uint8_t {
    Records,
    /// No record where one was due; see `begun`.
    NoTls,
    /// Behind a gap, until a record begins with a call.
    Lost,
  };

  /// Bytes that begin like a record: true; unlike any: false; too few to say: nothing.
  static std::optional<bool> begins_record(std::span<const std::byte> bytes);

  /// The next piece of a record, and what is left of `bytes` behind it; nothing when they are used up, or no records.
  std::optional<TlsFragment> next(std::span<const std::byte>& bytes);

  /// Call before the first next() with new bytes.
  void begin_segment(std::span<const std::byte> bytes);

  /// How many of the missing bytes lie in the record under way; the boundaries are lost when that is not all of them.
  std::size_t note_gap(std::uint64_t missing);

  State state() const { return state_; }
  /// The bytes that were taken for a header when it became clear that they are none.
  std::span<const std::byte> begun() const { return std::span(header_).first(header_length_); }
  std::optional<TlsContent> under_way() const;

 private:
  bool read_header(std::span<const std::byte>& bytes);

  std::array<std::byte, kHeader> header_{};
  std::uint8_t header_length_ = 0;
  State state_ = State::Records;
  bool is_start_ = false;
  std::uint16_t length_ = 0;
  std::uint16_t left_ = 0;
};

}  // namespace smtpath::session
