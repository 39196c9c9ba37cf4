#include "io/nft_match.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::string_view kDot = " . ";

std::optional<std::uint16_t> number_in(std::string_view text) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "25", "25-30".
std::optional<facts::PortRange> ports_in(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = number_in(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number_in(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return facts::PortRange{Port{*first}, Port{*last}};
}

Reach reach_of_families(bool has_ipv4, bool has_ipv6) {
  Reach reach;
  reach.has_ipv4 = has_ipv4;
  reach.has_ipv6 = has_ipv6;
  return reach;
}

std::string_view without_quotes(std::string_view value) {
  if (value.starts_with('"')) value.remove_prefix(1);
  if (value.ends_with('"')) value.remove_suffix(1);
  return value;
}

/// Of a field that holds no port.
Reach reach_of_value(NftField field, std::string_view value) {
  Reach reach;
  switch (field) {
    case NftField::Protocol:
      reach.has_tcp = value == "tcp" || value == "6";
      return reach;
    case NftField::Family:
      return reach_of_families(value == "ipv4" || value == "2", value == "ipv6" || value == "10");
    case NftField::EtherType:
      return reach_of_families(value == "ip" || value == "0x0800", value == "ip6" || value == "0x86dd");
    case NftField::Input:
      reach.comes_from_outside = without_quotes(value) != "lo";
      return reach;
    case NftField::Output:
      reach.goes_outside = without_quotes(value) != "lo";
      return reach;
    case NftField::SourcePort:
    case NftField::DestinationPort:
    case NftField::Other:
      return reach;
  }
  return reach;
}

bool is_port(NftField field) {
  return field == NftField::SourcePort || field == NftField::DestinationPort;
}

std::optional<Reach> reach_of_ports(NftField field, const std::vector<std::string_view>& values) {
  std::vector<facts::PortRange> ranges;
  for (const std::string_view value : values) {
    const auto range = ports_in(value);
    if (!range) return std::nullopt;
    ranges.push_back(*range);
  }
  PortSet ports(std::move(ranges));
  if (ports.ranges().size() > PortSet::kMostRanges) return std::nullopt;
  Reach reach;
  (field == NftField::SourcePort ? reach.source : reach.destination) = std::move(ports);
  return reach;
}

/// What any of the values lets through; none when that cannot be told exactly.
std::optional<Reach> reach_of_values(NftField field, const std::vector<std::string_view>& values) {
  if (std::find(values.begin(), values.end(), "*") != values.end()) return std::nullopt;
  if (is_port(field)) return reach_of_ports(field, values);
  Reach reach = reach_of_value(field, values.front());
  for (const std::string_view value : values) {
    // "0-255" of a protocol.
    if (ports_in(value) && value.find('-') != std::string_view::npos) return std::nullopt;
    reach = reach | reach_of_value(field, value);
  }
  return reach;
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t dot = key.find(kDot);
    parts.push_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    key.remove_prefix(dot + kDot.size());
  }
}

bool names_other_protocol(const std::vector<NftSelector>& selectors, const std::vector<std::string_view>& parts) {
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    if (selectors[i].field == NftField::Protocol && !reach_of_value(NftField::Protocol, parts[i]).has_tcp) return true;
  }
  return false;
}

/// What any of the keys lets through: as much at least, and exactly that when there is but one selector. None when that
/// cannot be told.
std::optional<Reach> reach_of_keys(const std::vector<NftSelector>& selectors, const std::vector<NftElement>& elements) {
  std::vector<std::vector<std::string_view>> columns(selectors.size());
  for (const NftElement& element : elements) {
    const auto parts = parts_of(element.key);
    if (parts.size() != selectors.size()) return std::nullopt;
    if (selectors.size() > 1 && names_other_protocol(selectors, parts)) continue;
    for (std::size_t i = 0; i < parts.size(); ++i) columns[i].push_back(parts[i]);
  }
  Reach reach;
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    if (columns[i].empty()) return Reach::of_other_protocols();
    const auto column = reach_of_values(selectors[i].field, columns[i]);
    if (!column) return std::nullopt;
    reach = reach & *column;
  }
  return reach;
}

/// Of what `field = reach` does not let through; `reach` is exact.
Reach complement(NftField field, const Reach& reach) {
  Reach rest;
  switch (field) {
    case NftField::SourcePort:
      rest.source = ~reach.source;
      break;
    case NftField::DestinationPort:
      rest.destination = ~reach.destination;
      break;
    case NftField::Protocol:
      rest.has_tcp = !reach.has_tcp;
      break;
    case NftField::Family:
    case NftField::EtherType:
      rest.has_ipv4 = !reach.has_ipv4;
      rest.has_ipv6 = !reach.has_ipv6;
      break;
    case NftField::Input:
    case NftField::Output:
    case NftField::Other:
      // There are always more interfaces.
      break;
  }
  return rest;
}

Reach implied_by(const std::vector<NftSelector>& selectors) {
  Reach reach;
  for (const NftSelector& selector : selectors) reach = reach & selector.implied;
  return reach;
}

enum class Comparison : std::uint8_t { In, NotIn, Less, More, LessOrSame, MoreOrSame };

/// None, and `tokens` as they were, when something else is done with the field.
std::optional<Comparison> take_operator(NftTokens& tokens) {
  constexpr std::array kOperators{std::pair{"==", Comparison::In},         std::pair{"!=", Comparison::NotIn},
                                  std::pair{"<", Comparison::Less},        std::pair{">", Comparison::More},
                                  std::pair{"<=", Comparison::LessOrSame}, std::pair{">=", Comparison::MoreOrSame}};
  if (tokens.empty()) return std::nullopt;
  for (const auto& [word, comparison] : kOperators) {
    if (!tokens[0].is_word(word)) continue;
    tokens = tokens.subspan(1);
    return comparison;
  }
  constexpr std::array kOthers{"&", "|", "^", "<<", ">>", "/", "set", "map", "vmap"};
  for (const auto* word : kOthers) {
    if (tokens[0].is_word(word)) return std::nullopt;
  }
  return Comparison::In;
}

NftElements take_operand(NftTokens& tokens, NftSets& sets) {
  if (tokens.empty()) return {};
  if (tokens[0].is_mark('{')) {
    const std::size_t length = length_of_group(tokens);
    NftElements elements = read_elements(tokens.first(length));
    tokens = tokens.subspan(length);
    return elements;
  }
  if (tokens[0].kind == NftToken::Kind::Word && tokens[0].content.starts_with('@')) {
    const std::string_view name = tokens[0].content.substr(1);
    tokens = tokens.subspan(1);
    return sets.find(name);
  }
  return {.list = {NftElement{.key = take_key(tokens)}}};
}

/// The ports that are less, more, … than the one.
PortSet ports_beside(Comparison comparison, std::uint16_t port) {
  constexpr std::uint16_t kLast = 0xffff;
  switch (comparison) {
    case Comparison::Less:
      return ~PortSet(port, kLast);
    case Comparison::More:
      return ~PortSet(0, port);
    case Comparison::LessOrSame:
      return {0, port};
    case Comparison::MoreOrSame:
      return {port, kLast};
    case Comparison::In:
    case Comparison::NotIn:
      break;
  }
  return {};
}

Reach reach_of_order(NftField field, Comparison comparison, std::string_view key) {
  Reach reach;
  const auto port = number_in(key);
  if (!is_port(field) || !port) return reach;
  (field == NftField::SourcePort ? reach.source : reach.destination) = ports_beside(comparison, *port);
  return reach;
}

}  // namespace

Reach take_comparison(const std::vector<NftSelector>& selectors, NftTokens& tokens, NftSets& sets) {
  const Reach implied = implied_by(selectors);
  const auto is_other = [](const NftSelector& selector) { return selector.field == NftField::Other; };
  if (std::all_of(selectors.begin(), selectors.end(), is_other)) return implied;
  const auto comparison = take_operator(tokens);
  if (!comparison) return implied;
  const NftElements operand = take_operand(tokens, sets);
  if (!operand.is_complete || operand.list.empty()) return implied;
  if (*comparison != Comparison::In && selectors.size() > 1) return implied;
  if (*comparison != Comparison::In && *comparison != Comparison::NotIn) {
    return implied & reach_of_order(selectors[0].field, *comparison, operand.list[0].key);
  }
  const auto reach = reach_of_keys(selectors, operand.list);
  if (!reach) return implied;
  return implied & (*comparison == Comparison::In ? *reach : complement(selectors[0].field, *reach));
}

Reach reach_of_element(const std::vector<NftSelector>& selectors, std::string_view key) {
  return implied_by(selectors) & reach_of_keys(selectors, {NftElement{.key = key}}).value_or(Reach{});
}

}  // namespace smtpath::io
