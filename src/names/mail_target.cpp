#include "smtpath/names/mail_target.h"

#include <optional>

#include "smtpath/names/host_name.h"

namespace smtpath::names {

namespace {

constexpr std::string_view kIpv6Tag = "ipv6:";

Error flawed(std::string_view text, std::string_view flaw) {
  return Error{"\"" + std::string(text) + "\": " + std::string(flaw)};
}

bool has_ipv6_tag(std::string_view literal) {
  return canonical(literal.substr(0, kIpv6Tag.size())) == kIpv6Tag;
}

/// Of what stands between the brackets.
std::optional<IpAddress> parse_literal(std::string_view literal) {
  if (has_ipv6_tag(literal)) literal.remove_prefix(kIpv6Tag.size());
  return IpAddress::parse(literal);
}

}  // namespace

Result<MailTarget> mail_target_of(std::string_view text) {
  // A quoted local part may hold an @, a domain may not (RFC 5321 section 4.1.2).
  const std::size_t at = text.rfind('@');
  const std::string_view domain = at == std::string_view::npos ? text : text.substr(at + 1);
  if (at == 0) return flawed(text, "no mailbox before the @");
  if (domain.empty()) return flawed(text, "no domain");
  if (const auto address = IpAddress::parse(domain)) return MailTarget{*address};
  if (domain.front() == '[' && domain.back() == ']') {
    const auto address = parse_literal(domain.substr(1, domain.size() - 2));
    if (!address) return flawed(text, "no address in the brackets");
    return MailTarget{*address};
  }
  if (const auto flaw = flaw_of_host_name(domain); !flaw.empty()) return flawed(text, flaw);
  return MailTarget{MailDomain{std::string(domain)}};
}

}  // namespace smtpath::names
