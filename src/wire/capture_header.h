#pragma once

// Headers that were never on the wire: what the capturing program or kernel puts in front of a frame to tell of it.

#include <optional>

#include "smtpath/base/frame.h"
#include "wire/layer.h"

namespace smtpath::wire {

/// Takes off a PPI or PKTAP header, as `link` says, and returns the link type of the frame behind it.
LinkType enclosed_link_type(LinkType link, ByteReader& reader);

/// radiotap, Prism and AVS: up to the IEEE 802.11 header.
void skip_radiotap(ByteReader& reader);
void skip_prism(ByteReader& reader);
void skip_avs(ByteReader& reader);

/// The log of OpenBSD's pf: up to the packet that was logged.
void skip_pflog(ByteReader& reader);

/// The log of Linux (NFLOG), in which bridges log frames of other protocols too.
std::optional<Layer> behind_nflog(ByteReader& reader);

}  // namespace smtpath::wire
