#pragma once

// Between the wire form of names and records (RFC 1035 section 3) and text.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/byte_reader.h"
#include "smtpath/facts/lookup.h"

namespace smtpath::io {

/// RFC 1035 section 3.2.2, RFC 3596, RFC 6698.
int type_number(facts::RecordType type);

/// A name without compression, up to its end. Bytes that are no letters of a host name are written \DDD, dots in a
/// label
/// \., and the root ".". None where it is cut or too long.
std::optional<std::string> read_name(ByteReader& reader);

/// The data of one record, names in it without compression. None where it is not what its type wants.
std::optional<facts::Record> read_record(facts::RecordType type, std::span<const std::byte> data);

/// Of a name without escapes; none where it is none.
std::optional<std::vector<std::byte>> to_wire(std::string_view name);

}  // namespace smtpath::io
