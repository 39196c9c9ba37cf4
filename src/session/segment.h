#pragma once

// A segment of a connection on its way through the observer: whose it is, when it came, and its headers. Views.

#include <cstdint>

#include "smtpath/base/time.h"
#include "smtpath/session/session.h"
#include "smtpath/wire/packet.h"

namespace smtpath::session {

struct Segment {
  Time at;
  Side from = Side::Client;
  const wire::IpHeader& ip;
  const wire::TcpSegment& tcp;

  /// Sequence number of the first byte of payload: a SYN counts as one before it.
  std::uint32_t payload_begin() const { return tcp.sequence + (tcp.flags.syn ? 1U : 0U); }
  std::uint32_t payload_end() const { return payload_begin() + tcp.payload_length; }
};

}  // namespace smtpath::session
