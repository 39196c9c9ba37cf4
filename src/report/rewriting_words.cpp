#include "report/rewriting_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace smtpath::report {

namespace {

using path::FieldValue;
using path::QuoteChange;
using path::QuotedField;
using path::Rewriting;

bool is_there(const FieldValue& value) {
  return !std::holds_alternative<std::monostate>(value);
}

std::string text_of(const FieldValue& value) {
  if (const auto* number = std::get_if<std::uint32_t>(&value)) return std::to_string(*number);
  if (const auto* address = std::get_if<IpAddress>(&value)) return to_string(*address);
  return "none";
}

/// RFC 3986 section 3.2.2 has brackets where a colon follows an IPv6 address.
std::string endpoint(const FieldValue& address, const FieldValue& port) {
  const auto* ip = std::get_if<IpAddress>(&address);
  const bool needs_brackets = ip != nullptr && !ip->is_ipv4();
  return fmt::format("{}{}{}:{}", needs_brackets ? "[" : "", text_of(address), needs_brackets ? "]" : "",
                     text_of(port));
}

std::string name_of(QuotedField field) {
  switch (field) {
    case QuotedField::SourceAddress:
      return "source";
    case QuotedField::SourcePort:
      return "source port";
    case QuotedField::DestinationAddress:
      return "destination";
    case QuotedField::DestinationPort:
      return "destination port";
    case QuotedField::Sequence:
      return "sequence number";
    case QuotedField::Identification:
      return "IP ID";
    case QuotedField::FlowLabel:
      return "flow label";
    case QuotedField::Dscp:
      return "DSCP";
    case QuotedField::Ecn:
      return "ECN bits";
    case QuotedField::DontFragment:
      return "don't-fragment bit";
    case QuotedField::Window:
      return "window";
    case QuotedField::Mss:
      return "MSS";
    case QuotedField::WindowScale:
      return "window scale";
    case QuotedField::SackPermitted:
      return "SACK option";
    case QuotedField::TimestampValue:
      return "timestamp";
  }
  return {};
}

const QuoteChange* find(const std::vector<Rewriting>& part, QuotedField field) {
  const auto found =
      std::find_if(part.begin(), part.end(), [&](const Rewriting& each) { return each.change.field == field; });
  return found == part.end() ? nullptr : &found->change;
}

/// An address and its port are told as one.
std::string words_on_changes(const std::vector<Rewriting>& part) {
  std::string words;
  const auto add = [&](const std::string& more) { words += (words.empty() ? "" : ", ") + more; };
  const auto add_endpoint = [&](const char* name, QuotedField address, QuotedField port) {
    const QuoteChange* at = find(part, address);
    const QuoteChange* behind = find(part, port);
    if (at != nullptr && behind != nullptr) {
      add(fmt::format("{} {} instead of {}", name, endpoint(at->quoted, behind->quoted),
                      endpoint(at->sent, behind->sent)));
    } else if (at != nullptr || behind != nullptr) {
      add(words_on(at != nullptr ? *at : *behind));
    }
  };
  add_endpoint("source", QuotedField::SourceAddress, QuotedField::SourcePort);
  add_endpoint("destination", QuotedField::DestinationAddress, QuotedField::DestinationPort);
  for (const Rewriting& each : part) {
    if (each.change.field > QuotedField::DestinationPort) add(words_on(each.change));
  }
  return words;
}

std::string deed(const QuoteChange& change) {
  if (change.field <= QuotedField::DestinationPort) return "translated";
  if (!is_there(change.quoted)) return "removed";
  if (!is_there(change.sent)) return "added";
  const bool is_less = std::get_if<std::uint32_t>(&change.quoted) != nullptr && change.quoted < change.sent;
  return change.field == QuotedField::Mss && is_less ? "clamped" : "rewritten";
}

std::string deed(const std::vector<Rewriting>& part) {
  const std::string first = deed(part.front().change);
  const bool are_alike =
      std::all_of(part.begin(), part.end(), [&](const Rewriting& each) { return deed(each.change) == first; });
  return are_alike ? first : "rewritten";
}

/// "between hop 2 (10.0.2.1) and hop 3"
std::string where(const Rewriting& rewriting) {
  const int hop = rewriting.first.ttl.hops;
  if (rewriting.last_before) return fmt::format("between {} and hop {}", words_on(*rewriting.last_before), hop);
  return hop > 1 ? fmt::format("at hop {} or before", hop) : "between this host and hop 1";
}

/// At the beginning of a sentence.
std::string sentence_on(const path::SeenHop& hop) {
  return fmt::format("Hop {} ({})", hop.ttl.hops, to_string(hop.address));
}

}  // namespace

std::string words_on(const QuoteChange& change) {
  const std::string name = name_of(change.field);
  if (!is_there(change.quoted)) return "no " + name;
  const std::string instead = is_there(change.sent) ? "instead of " + text_of(change.sent) : "where none was sent";
  return fmt::format("{} {} {}", name, text_of(change.quoted), instead);
}

std::string words_on(const path::SeenHop& hop) {
  return fmt::format("hop {} ({})", hop.ttl.hops, to_string(hop.address));
}

std::string words_on(const std::vector<Rewriting>& part, const std::string& probes) {
  const Rewriting& first = part.front();
  const std::string changes = words_on_changes(part);
  if (first.is_contradicted) {
    return fmt::format("{} quotes some {} with {}; others are quoted there or farther on as they were sent.",
                       sentence_on(first.first), probes, changes);
  }
  if (first.last.ttl == first.first.ttl) {
    return fmt::format("{}, the last to tell, quotes {} with {}: {} {}, or quoted wrongly.", sentence_on(first.first),
                       probes, changes, deed(part), where(first));
  }
  return fmt::format("From {} on, {} carry {}: {} {}.", words_on(first.first), probes, changes, deed(part),
                     where(first));
}

}  // namespace smtpath::report
