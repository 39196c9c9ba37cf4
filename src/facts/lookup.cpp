#include "smtpath/facts/lookup.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace smtpath::facts {

namespace {

constexpr int kHexadecimal = 16;

std::string hex_of(const std::vector<std::byte>& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::byte byte : bytes) {
    hex += kDigits[std::to_integer<std::size_t>(byte >> 4U)];
    hex += kDigits[std::to_integer<std::size_t>(byte & std::byte{0xf})];
  }
  return hex;
}

/// The word up to the next blank, which goes with it.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  unsigned long number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  const bool is_whole = error == std::errc{} && end == last;
  if (!is_whole || number > std::numeric_limits<Number>::max()) return std::nullopt;
  return static_cast<Number>(number);
}

std::optional<Record> parse_mx(std::string_view text) {
  const auto preference = parse_number<std::uint16_t>(take_word(text));
  if (!preference || text.empty()) return std::nullopt;
  return MxRecord{.preference = *preference, .host = std::string(text)};
}

std::optional<Record> parse_tlsa(std::string_view text) {
  const auto usage = parse_number<std::uint8_t>(take_word(text));
  const auto selector = parse_number<std::uint8_t>(take_word(text));
  const auto matching_type = parse_number<std::uint8_t>(take_word(text));
  if (!usage || !selector || !matching_type || text.size() % 2 != 0) return std::nullopt;
  TlsaRecord record{.usage = *usage, .selector = *selector, .matching_type = *matching_type, .data = {}};
  for (; !text.empty(); text.remove_prefix(2)) {
    const auto byte = parse_number<std::uint8_t>(text.substr(0, 2), kHexadecimal);
    if (!byte) return std::nullopt;
    record.data.push_back(std::byte{*byte});
  }
  return record;
}

std::optional<Record> parse_address(Family family, std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || address->family() != family) return std::nullopt;
  return *address;
}

struct Words {
  std::string operator()(const IpAddress& address) const { return smtpath::to_string(address); }
  std::string operator()(const MxRecord& record) const { return std::to_string(record.preference) + " " + record.host; }
  std::string operator()(const PtrRecord& record) const { return record.host; }
  std::string operator()(const TlsaRecord& record) const {
    return std::to_string(record.usage) + " " + std::to_string(record.selector) + " " +
           std::to_string(record.matching_type) + " " + hex_of(record.data);
  }
};

}  // namespace

std::string_view to_string(RecordType type) {
  switch (type) {
    case RecordType::A:
      return "A";
    case RecordType::Aaaa:
      return "AAAA";
    case RecordType::Mx:
      return "MX";
    case RecordType::Ptr:
      return "PTR";
    case RecordType::Tlsa:
      return "TLSA";
  }
  return {};
}

std::string to_string(const Record& record) {
  return std::visit(Words{}, record);
}

std::optional<Record> parse_record(RecordType type, std::string_view text) {
  switch (type) {
    case RecordType::A:
      return parse_address(Family::Ipv4, text);
    case RecordType::Aaaa:
      return parse_address(Family::Ipv6, text);
    case RecordType::Mx:
      return parse_mx(text);
    case RecordType::Ptr:
      return text.empty() ? std::nullopt : std::optional<Record>(PtrRecord{std::string(text)});
    case RecordType::Tlsa:
      return parse_tlsa(text);
  }
  return std::nullopt;
}

std::string_view to_string(LookupResult result) {
  switch (result) {
    case LookupResult::Ok:
      return "ok";
    case LookupResult::NxDomain:
      return "nxdomain";
    case LookupResult::NoData:
      return "no-data";
    case LookupResult::ServFail:
      return "servfail";
    case LookupResult::Refused:
      return "refused";
    case LookupResult::Timeout:
      return "timeout";
    case LookupResult::Unreachable:
      return "unreachable";
    case LookupResult::Failed:
      return "failed";
  }
  return {};
}

bool is_answer(LookupResult result) {
  return result == LookupResult::Ok || result == LookupResult::NxDomain || result == LookupResult::NoData;
}

std::string_view to_string(Dnssec dnssec) {
  switch (dnssec) {
    case Dnssec::Secure:
      return "secure";
    case Dnssec::Insecure:
      return "insecure";
    case Dnssec::Bogus:
      return "bogus";
  }
  return {};
}

}  // namespace smtpath::facts
