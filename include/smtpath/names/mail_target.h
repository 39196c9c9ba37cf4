#pragma once

// What the user means by the target of `--mx`: the domain of a mailbox, or an address literal in its place.

#include <string>
#include <string_view>
#include <variant>

#include "smtpath/base/address.h"
#include "smtpath/base/result.h"

namespace smtpath::names {

struct MailDomain {
  std::string name;
};

/// An address literal (RFC 5321 section 4.1.3), or a bare address, has no MX: mail goes to it.
using MailTarget = std::variant<MailDomain, IpAddress>;

/// Of "example.com", "user@example.com", "user@[192.0.2.1]", "[IPv6:2001:db8::1]", "192.0.2.1". Error: names the text
/// and what is wrong with it.
Result<MailTarget> mail_target_of(std::string_view text);

}  // namespace smtpath::names
