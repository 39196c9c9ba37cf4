#pragma once

// Which hosts take a domain's mail, from what the look-up of its MX records said (RFC 5321 section 5.1).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/facts/lookup.h"

namespace smtpath::names {

/// Why the host of an MX record is none that mail can go to.
enum class HostFlaw : std::uint8_t {
  /// An address where a name belongs (RFC 1035 section 3.3.9): mailers look it up as a name and find nothing.
  IsAddress,
  /// "." beside other records: a null MX stands alone (RFC 7505 section 3).
  IsRoot,
  NoHostName,
};

struct Exchanger {
  facts::MxRecord record;
  std::optional<HostFlaw> flaw;

  friend bool operator==(const Exchanger&, const Exchanger&) = default;
};

enum class RouteKind : std::uint8_t {
  Exchangers,
  /// No MX record: the domain's own addresses (RFC 5321 section 5.1).
  ItsOwnAddress,
  /// "This domain accepts no mail" (RFC 7505).
  NullMx,
  /// The look-up gave no answer, or that there is no such domain.
  None,
};

struct MailRoute {
  RouteKind kind = RouteKind::None;
  /// By rising preference, then as the answer had them; each host once.
  std::vector<Exchanger> exchangers;
};

MailRoute route_of(const facts::Lookup& mx);

}  // namespace smtpath::names
