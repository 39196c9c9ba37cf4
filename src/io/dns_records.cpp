#include "io/dns_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace smtpath::io {

namespace {

/// RFC 1035 section 2.3.4.
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 255;
/// Certificates are at home there too, but not of this size.
constexpr std::size_t kLongestTlsa = 4096;

void append(std::string& text, std::span<const std::byte> label) {
  for (const std::byte byte : label) {
    const auto letter = std::to_integer<unsigned char>(byte);
    const bool is_plain = letter > ' ' && letter < 0x7f;
    const bool has_meaning = letter == '.' || letter == '\\' || letter == '"' || letter == ';' || letter == '(' ||
                             letter == ')' || letter == '@' || letter == '$';
    if (!is_plain) {
      fmt::format_to(std::back_inserter(text), "\\{:03}", letter);
    } else {
      if (has_meaning) text += '\\';
      text += static_cast<char>(letter);
    }
  }
}

template <std::size_t Size, class Make>
std::optional<facts::Record> read_address(std::span<const std::byte> data, const Make& make) {
  if (data.size() != Size) return std::nullopt;
  return facts::Record{make(data.first<Size>())};
}

std::optional<facts::Record> read_mx(std::span<const std::byte> data) {
  ByteReader reader(data);
  const std::uint16_t preference = reader.u16();
  auto host = read_name(reader);
  if (!reader.ok() || !host) return std::nullopt;
  return facts::MxRecord{.preference = preference, .host = *std::move(host)};
}

std::optional<facts::Record> read_ptr(std::span<const std::byte> data) {
  ByteReader reader(data);
  auto host = read_name(reader);
  if (!host) return std::nullopt;
  return facts::PtrRecord{.host = *std::move(host)};
}

std::optional<facts::Record> read_tlsa(std::span<const std::byte> data) {
  ByteReader reader(data);
  facts::TlsaRecord record{.usage = reader.u8(), .selector = reader.u8(), .matching_type = reader.u8(), .data = {}};
  if (!reader.ok() || reader.remaining() > kLongestTlsa) return std::nullopt;
  record.data.assign(reader.rest().begin(), reader.rest().end());
  return record;
}

}  // namespace

int type_number(facts::RecordType type) {
  switch (type) {
    case facts::RecordType::A:
      return 1;
    case facts::RecordType::Aaaa:
      return 28;
    case facts::RecordType::Mx:
      return 15;
    case facts::RecordType::Ptr:
      return 12;
    case facts::RecordType::Tlsa:
      return 52;
  }
  return 0;
}

std::optional<std::string> read_name(ByteReader& reader) {
  std::string text;
  for (std::size_t length = 1;;) {
    const std::size_t size = reader.u8();
    const auto label = reader.take(size);
    length += size + 1;
    if (!reader.ok() || size > kLongestLabel || length > kLongestName + 1) return std::nullopt;
    if (size == 0) return text.empty() ? "." : text;
    if (!text.empty()) text += '.';
    append(text, label);
  }
}

std::optional<facts::Record> read_record(facts::RecordType type, std::span<const std::byte> data) {
  constexpr std::size_t kIpv4 = 4;
  constexpr std::size_t kIpv6 = 16;
  switch (type) {
    case facts::RecordType::A:
      return read_address<kIpv4>(data, IpAddress::v4);
    case facts::RecordType::Aaaa:
      return read_address<kIpv6>(data, IpAddress::v6);
    case facts::RecordType::Mx:
      return read_mx(data);
    case facts::RecordType::Ptr:
      return read_ptr(data);
    case facts::RecordType::Tlsa:
      return read_tlsa(data);
  }
  return std::nullopt;
}

std::optional<std::vector<std::byte>> to_wire(std::string_view name) {
  std::vector<std::byte> wire;
  if (name.ends_with('.')) name.remove_suffix(1);
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(name.size(), label.size() + 1));
    if (label.empty() || label.size() > kLongestLabel) return std::nullopt;
    wire.push_back(std::byte{static_cast<unsigned char>(label.size())});
    std::transform(label.begin(), label.end(), std::back_inserter(wire),
                   [](char letter) { return std::byte{static_cast<unsigned char>(letter)}; });
  }
  wire.push_back(std::byte{0});
  if (wire.size() > kLongestName) return std::nullopt;
  return wire;
}

}  // namespace smtpath::io
