#pragma once

// Tunnels over UDP, told by the port that IANA gave them and by what their headers must say: VXLAN (RFC 7348), Geneve
// (RFC 8926), GTP-U (3GPP TS 29.281), L2TP (RFC 2661) and MPLS (RFC 7510).

#include <optional>

#include "wire/layer.h"

namespace smtpath::wire {

/// From the UDP header on. Nothing for everything else that UDP carries.
std::optional<Layer> behind_udp(ByteReader& reader);

}  // namespace smtpath::wire
