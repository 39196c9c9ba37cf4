#pragma once

// Whether a port's SYN-ACK may be somebody else's in the host's name, so that it is worth asking who accepts a SYN to
// nowhere. Suspicion is for the asker alone; the judge looks at the answers.

#include "probing/situation.h"
#include "smtpath/path/port_path.h"

namespace smtpath::probing {

/// The port was accepted, not farther away than the host is known to be, and that is not proven to be short of it: one
/// hop nearer, or unlike the SYN-ACKs of other ports, or with nothing to compare it with.
bool is_suspicious(const Situation& situation, const path::PortPath& path);

}  // namespace smtpath::probing
