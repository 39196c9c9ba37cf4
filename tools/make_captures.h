#pragma once

// The captures that tools/make_captures writes, by what they are about. Every one is the same each time it is made.

#include <string>
#include <vector>

#include "support/packets.h"

namespace smtpath::test {

struct Sample {
  /// Of the file, its ending included.
  std::string name;
  Bytes bytes;
};
using Samples = std::vector<Sample>;

/// One for each way in which a dialogue can go.
Samples dialogue_samples();
/// Handshakes and TLS.
Samples encryption_samples();
/// Connections that end otherwise than by a goodbye: resets, stalls, errors, silence.
Samples trouble_samples();
/// What a middlebox does to a dialogue, and what else can be odd in one.
Samples oddity_samples();
/// One story in many file formats, link layers and tunnels.
Samples format_samples();
/// traceroute at work.
Samples trace_samples();

}  // namespace smtpath::test
