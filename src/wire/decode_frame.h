#pragma once

// What decode() and Decoder share: from a frame to the packet in it, or to the innermost one that tunnels carry.

#include <cstddef>
#include <span>

#include "smtpath/base/frame.h"
#include "smtpath/wire/decode.h"
#include "wire/reassembler.h"

namespace smtpath::wire {

struct DecodeOptions {
  bool verifies_transport = true;
  /// Bytes that the capture left out at the frame's end.
  std::size_t cut = 0;
  /// Of the frame; for `reassembler`.
  Time now{};
  /// Puts fragments together, if any.
  Reassembler* reassembler = nullptr;
};

/// With a flaw `packet` means nothing.
Flaw decode_frame(LinkType link, std::span<const std::byte> bytes, const DecodeOptions& options, Packet& packet);

}  // namespace smtpath::wire
