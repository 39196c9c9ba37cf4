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

/// The destination itself said no.
Location at_destination(const Case& evidence);

}  // namespace smtpath::verdict
