#pragma once

// The MAC header of IEEE 802.11 frames.

#include <optional>

#include "wire/layer.h"

namespace smtpath::wire {

/// Of frames that carry data in the clear and from its beginning; nothing for all others. Of an aggregate (A-MSDU) the
/// first frame counts.
std::optional<Layer> behind_wlan(ByteReader& reader);

}  // namespace smtpath::wire
