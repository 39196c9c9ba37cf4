#include "path/translation.h"

#include <algorithm>

namespace smtpath::path {

namespace {

struct Quotes {
  std::optional<Ttl> first_translated;
  std::optional<IpAddress> translated_to;
  std::optional<Ttl> last_untranslated;
  bool has_several_addresses = false;
};

void take_in(Quotes& quotes, const Probe& probe, const Reply& reply) {
  if (!reply.icmp) return;
  const auto& to = reply.icmp->translated_to;
  if (!to) {
    quotes.last_untranslated = std::max(quotes.last_untranslated.value_or(probe.ttl), probe.ttl);
    return;
  }
  if (probe.replies.size() > 1) return;
  quotes.has_several_addresses |= quotes.translated_to.value_or(*to) != *to;
  quotes.translated_to = to;
  quotes.first_translated = std::min(quotes.first_translated.value_or(probe.ttl), probe.ttl);
}

}  // namespace

std::optional<Ttl> translated_from(std::span<const FlowTrace* const> flows) {
  Quotes quotes;
  for (const FlowTrace* flow : flows) {
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) take_in(quotes, probe, reply);
    }
  }
  const bool is_contradicted = quotes.has_several_addresses || (quotes.first_translated && quotes.last_untranslated &&
                                                                *quotes.last_untranslated >= *quotes.first_translated);
  return is_contradicted ? std::nullopt : quotes.first_translated;
}

}  // namespace smtpath::path
