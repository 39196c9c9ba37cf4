#pragma once

// What each layer's decoder returns: what it found, or why the frame yields no packet.

#include <optional>
#include <variant>

#include "smtpath/wire/decode.h"
#include "smtpath/wire/packet.h"

namespace smtpath::wire {

template <class T>
using Parsed = std::variant<T, Undecodable>;

/// Of decoders that fill in a value of their caller's; nothing when all went well.
using Flaw = std::optional<Undecodable>;

using Payload = decltype(Packet::payload);

}  // namespace smtpath::wire
