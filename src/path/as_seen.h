#pragma once

// What a packet is to a trace, whoever made that: a probe as it was seen to leave, or what answers one.

#include <cstdint>
#include <optional>

#include "smtpath/path/trace.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

Probe probe_of(const wire::Packet& packet, std::uint16_t number, Time sent);

/// What a segment without SYN, or with SYN and ACK, says to a SYN; absent: nothing.
std::optional<ReplyKind> answer_kind(const wire::TcpFlags& flags);

/// A client in SYN-SENT heeds nothing else: what it gets must have ACK, resets too, and acknowledge the SYN (RFC 9293
/// section 3.10.7.3).
bool acknowledges(const wire::TcpSegment& segment, std::uint32_t sequence);

/// A reset of the connection that such a client ignores.
bool is_ignored_reset(const wire::TcpSegment& segment, std::uint32_t sequence);

/// Absent: not about the way of a probe.
std::optional<ReplyKind> error_kind(wire::IcmpErrorKind kind);

Reply reply_of(const wire::Packet& packet, ReplyKind kind, Time at);
Reply reply_of(const wire::Packet& packet, const wire::TcpSegment& segment, ReplyKind kind, Time at);
/// The error must quote a packet.
Reply reply_of(const wire::Packet& packet, const wire::IcmpError& error, ReplyKind kind, Time at);
/// That reply with what its quote has otherwise than the probe that it names; null: it names none.
Reply held_against(const Probe* probe, const wire::IcmpError& error, Reply reply);

}  // namespace smtpath::path
