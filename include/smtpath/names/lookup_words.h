#pragma once

// What look-ups showed, in sentences for a tired administrator.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/facts/lookup.h"
#include "smtpath/facts/target_error.h"
#include "smtpath/names/mail_route.h"

namespace smtpath::names {

/// "NXDOMAIN", "no such record", "SERVFAIL", "REFUSED", "no answer", …
std::string_view words_of(facts::LookupResult result);

/// Why `name` has no address that can be asked. `steps` are the look-ups of its addresses, one at least; with a family,
/// of that one only. Suggests a well-known name where that fits.
facts::TargetError no_address_error(const std::string& name, std::span<const facts::Lookup> steps,
                                    std::optional<Family> family);

/// Why the route to a domain is not known: of a null MX, or a look-up of its MX that gave none.
facts::TargetError no_route_error(const std::string& domain, const facts::Lookup& mx, RouteKind kind);

/// Of an exchanger that is none.
facts::TargetError flawed_host_error(const std::string& domain, const facts::MxRecord& record, HostFlaw flaw);

/// One sentence for each thing that is odd: resolvers that fail or contradict one another, slowness, answers that
/// DNSSEC does not bear out, records left out. Each resolver's failure is told once.
std::vector<std::string> notes_on(std::span<const facts::Lookup> steps);

/// RFC 2181 section 10.3; none where the look-ups of the host's addresses show no alias.
std::optional<std::string> note_on_alias(const facts::MxRecord& record, std::span<const facts::Lookup> addresses);

std::string note_on_missing_mx(const std::string& domain);

}  // namespace smtpath::names
