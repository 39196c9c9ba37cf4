#pragma once

// What the headers of one direction show, into the Stream of a session.

#include "session/segment.h"

namespace smtpath::session {

/// Of every segment but resets.
void note_header(Stream& stream, const Segment& segment);

}  // namespace smtpath::session
