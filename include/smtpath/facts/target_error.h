#pragma once

// Why a target could not be tried at all.

#include <cstdint>
#include <string>
#include <string_view>

namespace smtpath::facts {

enum class TargetErrorKind : std::uint8_t {
  UnknownHost,
  NoAddress,
  ResolverFailure,
  NotUnicast,
  NoRoute,
  /// The domain accepts no mail (RFC 7505).
  NullMx,
};

/// "unknown-host", "no-address", "resolver-failure", "not-unicast", "no-route", "null-mx".
std::string_view to_string(TargetErrorKind kind);

struct TargetError {
  TargetErrorKind kind = TargetErrorKind::UnknownHost;
  /// One sentence that names the target.
  std::string text;
};

}  // namespace smtpath::facts
