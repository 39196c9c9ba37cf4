#pragma once

// Headers that were never on the wire: what the capturing program or kernel puts in front of a frame to tell of it.

#include <optional>

#include "smtpath/base/frame.h"
#include "wire/layer.h"

namespace smtpath::wire {

/// Takes the header off a frame of one of these link types and returns that of the frame behind it (PPI, PKTAP);
/// nothing for link types that name the frame itself.
std::optional<LinkType> enclosed_link_type(LinkType link, ByteReader& reader);

/// radiotap, Prism and AVS: up to the IEEE 802.11 header.
void skip_radiotap(ByteReader& reader);
void skip_prism(ByteReader& reader);
void skip_avs(ByteReader& reader);

/// The logs of Linux (NFLOG) and of OpenBSD's pf: up to the packet that was logged.
void skip_nflog(ByteReader& reader);
void skip_pflog(ByteReader& reader);

}  // namespace smtpath::wire
