#include "smtpath/io/usable_address.h"

#include "io/socket_address.h"
#include "smtpath/io/routes.h"

namespace smtpath::io {

namespace {

using facts::TargetError;
using facts::TargetErrorKind;

TargetError not_unicast(const std::string& subject, const std::string& kind) {
  return {TargetErrorKind::NotUnicast, subject + ": " + kind + ", not the address of one host"};
}

}  // namespace

std::optional<TargetError> flaw_of_address(const std::string& subject, const IpAddress& address) {
  if (address.is_unspecified()) return not_unicast(subject, "the unspecified address");
  if (address.is_multicast()) return not_unicast(subject, "a multicast address");
  if (is_broadcast(address)) return not_unicast(subject, "a broadcast address");
  if (address.is_ipv4()) return std::nullopt;
  const in6_addr bytes = to_in6_addr(address);
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) return not_unicast(subject, "an IPv4 address in IPv6 clothes");
  if (!address.is_link_local()) return std::nullopt;
  return TargetError{TargetErrorKind::NoRoute, subject + ": link-local addresses cannot be traced"};
}

}  // namespace smtpath::io
