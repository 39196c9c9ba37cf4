#pragma once

// Puts the handshake messages of one direction together (RFC 8446 section 4), which may share records and be cut by
// them. Of messages that nobody asked for it keeps nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace smtpath::session {

enum class TlsMessageType : std::uint8_t { ClientHello = 1, ServerHello = 2, Certificate = 11 };

class TlsHandshakeReader {
 public:
  static constexpr std::size_t kHeader = 4;

  /// Reads up to the end of a message, or all; how many bytes that took.
  std::size_t read(std::span<const std::byte> bytes);

  /// A message of a known type is complete: take it before reading on.
  bool has_message() const { return is_complete_; }
  TlsMessageType type() const { return static_cast<TlsMessageType>(header_.front()); }
  /// As its header says, without the header.
  std::uint32_t length() const { return length_; }
  /// Its beginning, at most kLongestMessage.
  std::span<const std::byte> body() const { return kept_; }
  void take();

  /// Forgets the message under way.
  void reset();

 private:
  bool is_wanted() const;

  std::array<std::byte, kHeader> header_{};
  std::uint8_t header_length_ = 0;
  bool is_complete_ = false;
  std::uint32_t length_ = 0;
  std::uint32_t left_ = 0;
  std::vector<std::byte> kept_;
};

}  // namespace smtpath::session
