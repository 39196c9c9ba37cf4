#pragma once

// One visit under judgement, with what several rules ask of it.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/verdict/mail.h"

namespace smtpath::verdict {

struct MailCase {
  const MailFacts& facts;
  /// Of the packets; absent where the capture has none of the connection.
  std::optional<SessionVerdict> packets;

  bool is_encrypted() const { return facts.tls && facts.tls->end == facts::TlsEnd::Established; }
  bool has_extension(std::string_view keyword) const;
};

/// What a rule says of a visit that it decides.
struct MailRuling {
  std::string text;
  std::optional<Stage> stage{};
  std::optional<smtp::Reply> reply{};
};

struct MailRule {
  std::string_view name;
  Outcome outcome;
  std::optional<MailRuling> (*decide)(const MailCase& visit);
};

/// In their order of precedence; the last decides whatever comes to it.
std::span<const MailRule> mail_rules();

}  // namespace smtpath::verdict
