#include "smtpath/path/rewriting.h"

#include <algorithm>

namespace smtpath::path {

namespace {

struct Quote {
  SeenHop hop;
  const IcmpDetail* detail = nullptr;
};

void add_quotes(const FlowTrace& flow, std::vector<Quote>& quotes) {
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      if (!reply.icmp || reply.is_on_loopback) continue;
      const Ttl ttl = reply.kind == ReplyKind::TimeExceeded ? probe.ttl : died_at(probe, reply);
      quotes.push_back({.hop = {.ttl = ttl, .address = reply.from}, .detail = &*reply.icmp});
    }
  }
}

bool differs_from_probe_to_probe(QuotedField field) {
  switch (field) {
    case QuotedField::SourcePort:
    case QuotedField::Sequence:
    case QuotedField::Identification:
    case QuotedField::FlowLabel:
    case QuotedField::TimestampValue:
      return true;
    case QuotedField::SourceAddress:
    case QuotedField::DestinationAddress:
    case QuotedField::DestinationPort:
    case QuotedField::Dscp:
    case QuotedField::Ecn:
    case QuotedField::DontFragment:
    case QuotedField::Window:
    case QuotedField::Mss:
    case QuotedField::WindowScale:
    case QuotedField::SackPermitted:
      return false;
  }
  return false;
}

bool is_the_same(const QuoteChange& a, const QuoteChange& b) {
  if (a.field != b.field) return false;
  if (!differs_from_probe_to_probe(a.field)) return a.quoted == b.quoted;
  return std::holds_alternative<std::monostate>(a.quoted) == std::holds_alternative<std::monostate>(b.quoted);
}

const QuoteChange* change_of(QuotedField field, const IcmpDetail& detail) {
  const auto found = std::find_if(detail.changes.begin(), detail.changes.end(),
                                  [&](const QuoteChange& change) { return change.field == field; });
  return found == detail.changes.end() ? nullptr : &*found;
}

/// Which of the quotes were as before, and which contradict.
void compare_with_others(Rewriting& rewriting, const std::vector<Quote>& by_ttl) {
  for (const Quote& quote : by_ttl) {
    const QuoteChange* change = change_of(rewriting.change.field, *quote.detail);
    if (change != nullptr && is_the_same(*change, rewriting.change)) {
      rewriting.last = quote.hop;
    } else if (change != nullptr || shows(quote.detail->depth, rewriting.change.field)) {
      if (quote.hop.ttl < rewriting.first.ttl) rewriting.last_before = quote.hop;
      if (quote.hop.ttl >= rewriting.first.ttl && change == nullptr) rewriting.is_contradicted = true;
    }
  }
}

}  // namespace

std::vector<Rewriting> rewritings_in(std::span<const FlowTrace* const> flows) {
  std::vector<Quote> quotes;
  for (const FlowTrace* flow : flows) add_quotes(*flow, quotes);
  std::stable_sort(quotes.begin(), quotes.end(), [](const Quote& a, const Quote& b) { return a.hop.ttl < b.hop.ttl; });

  std::vector<Rewriting> rewritings;
  for (const Quote& quote : quotes) {
    for (const QuoteChange& change : quote.detail->changes) {
      const bool is_known = std::any_of(rewritings.begin(), rewritings.end(),
                                        [&](const Rewriting& known) { return is_the_same(known.change, change); });
      if (is_known) continue;
      if (rewritings.size() == kMostRewritings) break;
      rewritings.push_back({.change = change, .first = quote.hop, .last_before = {}, .last = quote.hop});
    }
  }
  for (Rewriting& rewriting : rewritings) compare_with_others(rewriting, quotes);
  return rewritings;
}

}  // namespace smtpath::path
