#pragma once

// Ranges of addresses that the Internet does not route (RFC 6890), in the words of the documents that set them apart.

#include <cstdint>
#include <optional>
#include <string_view>

#include "smtpath/base/address.h"

namespace smtpath::path {

enum class AddressRange : std::uint8_t {
  Unspecified,
  Loopback,
  Private,
  Shared,
  LinkLocal,
  Documentation,
  Benchmarking,
  UniqueLocal,
  Multicast,
  Reserved,
};

/// "private (RFC 1918)", "unique local (RFC 4193)", …
std::string_view to_string(AddressRange range);

/// Absent: any host of the Internet may have it.
std::optional<AddressRange> range_of(const IpAddress& address);

}  // namespace smtpath::path
