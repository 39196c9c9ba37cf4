#pragma once

// The binary header by which a proxy names the client before its first bytes (PROXY protocol version 2, section 2.2):
// twelve bytes of signature, four with the length, then so many. It is no part of the dialogue, and holds a "QUIT".

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace smtpath::smtp {

class ProxyHeader {
 public:
  static constexpr std::size_t kSignature = 12;

  /// Give it a client's first bytes: how many of them belong to the header. When it turns out that there is none,
  /// `taken_back` has those it took before.
  std::size_t read(std::span<const std::byte> bytes);
  bool is_over() const { return state_ != State::Reading; }
  bool is_header() const { return state_ == State::Header; }
  std::span<const std::byte> taken_back() const;
  void skip() { state_ = State::None; }

 private:
  enum class State : std::uint8_t { Reading, None, Header };
  void take(std::byte byte);

  State state_ = State::Reading;
  std::uint8_t begun_ = 0;
  std::uint32_t left_ = 0;
};

}  // namespace smtpath::smtp
