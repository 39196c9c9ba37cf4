#pragma once

// One packet has one fate. A probe that drew two kinds of answer was copied on the way, or somebody there answers in
// the name of others. Only answers that surely belong to the same probe count.

#include <optional>
#include <span>

#include "smtpath/path/trace.h"

namespace smtpath::path {

/// A router, not the target itself, said that the probe's time ended.
bool has_expired(const Probe& probe, const IpAddress& target);

/// The probes of `flow` whose time routers say to have ended and which drew this kind of TCP answer all the same: the
/// least of their TTLs; absent: there are none. `host` is the distance of the target, where that is known: no time ends
/// there or beyond, whoever says so.
std::optional<Ttl> expired_and_drew(const FlowTrace& flow, ReplyKind kind, const IpAddress& target,
                                    std::optional<Ttl> host = {});

/// The TTL of all probes of the flow, if they have one TTL only and none drew a reset; absent: they differ, or one did.
std::optional<Ttl> only_ttl_without_reset(const FlowTrace& flow);

/// Some probe of `flow` drew a SYN-ACK and a reset, within the time in which one may race the other.
bool was_accepted_and_reset(const FlowTrace& flow, const IpAddress& target);

/// Two routers say of some probe of these flows that its time ended there.
bool are_expiries_contradicted(std::span<const FlowTrace* const> flows, const IpAddress& target);

/// Some probe of these flows was answered by two: an answer that names no probe may be one to any of them.
bool are_probes_copied(std::span<const FlowTrace* const> flows, const IpAddress& target);

/// Some probe of these flows drew an ICMP unreachable, and as well a TCP answer of the target, or the word of a router
/// that its time ended: a packet that was turned back goes nowhere else.
bool are_errors_contradicted(std::span<const FlowTrace* const> flows, const IpAddress& target);

}  // namespace smtpath::path
