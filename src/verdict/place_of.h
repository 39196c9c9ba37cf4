#pragma once

// Where on the way: what the packets of a case allow to be said, and never more. Silence leaves two candidates; a hop
// that no packet shows stays without an address.

#include "verdict/case.h"

namespace smtpath::verdict {

/// Stopped on this host before it left.
Location on_this_host();

/// The probes of this port vanish: after the farthest router that they drew an answer from.
Location where_silence_begins(const Case& evidence);

/// The place of a silence that begins behind `last_reached`.
Place place_of_silence(const Case& evidence, const Location& location);

/// An answer in the destination's name, or an ICMP error, that begins short of the destination.
/// `answer` is the port's own, or that of another which speaks for it.
Location where_answer_begins(const Case& evidence, const path::Answer& answer);

/// Somewhere between this host and the destination: nothing tells where an answer begins.
Location anywhere_before_the_destination(const Case& evidence);

/// Answers that arrive with the same number of hops less than the TTLs of the probes that drew them.
struct Copies {
  int hops = 0;
  /// Of those probes.
  Ttl least;
  Ttl most;
};

/// Of the answers like this one in kind and sender, those whose TTLs are copied from at least two probes of different
/// TTLs; absent: there are none.
std::optional<Copies> copies_in(const Case& evidence, const path::Reply& answer);

/// How many hops the time exceeded of the router at this TTL travelled; absent: nobody saw it.
std::optional<int> back_of_router(const Case& evidence, Ttl ttl);

/// The destination itself said no.
Location at_destination(const Case& evidence);

}  // namespace smtpath::verdict
