#pragma once

// The life of one member of a lab, in its own process and namespace: it gets ready, waits for its interfaces, sets them
// up, and then answers on its ports or carries frames until its parent is gone.

#include "io/lab_plan.h"
#include "io/lab_process.h"

namespace smtpath::io {

/// Reports twice: ready for interfaces, then, once it was let go on, ready for packets.
void live_as(const LabMember& member, const LabParent& parent);

}  // namespace smtpath::io
