#pragma once

// decode() with a memory: puts the fragments of IPv4 and IPv6 datagrams together (RFC 791 section 3.2, RFC 8200 section
// 4.5) within bounds, so that what follows sees whole packets. One for each capture.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "smtpath/base/frame.h"
#include "smtpath/wire/decode.h"

namespace smtpath::wire {

struct FragmentCounters {
  std::uint64_t fragments = 0;
  std::uint64_t reassembled = 0;
  /// Datagrams that never became whole: too old, too many, overlapping in disagreement, too long, or cut by the
  /// capture.
  std::uint64_t given_up = 0;
  /// Datagrams that are not whole yet; at the end of a capture they never will be.
  std::uint64_t waiting = 0;
};

class Decoder {
 public:
  Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  /// As decode() does, without a look at transport checksums, which captures of sending hosts do not have. A fragment
  /// is kept and yields a packet with OtherPayload; the one that completes a datagram yields the whole packet, with the
  /// IP header of the first. Fragments that the capture cut cannot be put together: of these decodes what decode()
  /// finds in them. Spans in the packet live until the next call.
  Decoded decode(const Frame& frame);

  const FragmentCounters& fragments() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::wire
