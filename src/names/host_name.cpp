#include "smtpath/names/host_name.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace smtpath::names {

namespace {

/// RFC 1035 section 2.3.4.
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_name_letter(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '-' ||
         letter == '_';
}

bool looks_like_a_number(std::string_view label) {
  const bool is_hexadecimal = label.size() > 1 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
  return is_hexadecimal || std::all_of(label.begin(), label.end(), is_digit);
}

}  // namespace

std::string_view flaw_of_host_name(std::string_view name) {
  if (name.empty()) return "empty name";
  if (name.find(':') != std::string_view::npos) return "not an IPv6 address, nor a host name";
  if (name.back() == '.') name.remove_suffix(1);
  if (name.size() > kLongestName) return "longer than a host name can be (253 characters)";

  std::string_view last;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    last = name.substr(start, end - start);
    if (last.empty() || last.size() > kLongestLabel) return "not a host name: its parts have 1 to 63 characters";
    if (!std::all_of(last.begin(), last.end(), is_name_letter)) {
      return "not a host name: only letters, digits, hyphens and dots (others as xn--)";
    }
    start = end + 1;
  }
  return looks_like_a_number(last) ? "not an IPv4 address (four numbers from 0 to 255)" : std::string_view();
}

std::string canonical(std::string_view name) {
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  std::string small(name);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return small;
}

std::string reverse_name(const IpAddress& address) {
  const auto bytes = address.bytes();
  const std::vector<std::byte> reversed(bytes.rbegin(), bytes.rend());
  std::string name;
  for (const std::byte byte : reversed) {
    if (address.is_ipv4()) {
      name += std::to_string(std::to_integer<unsigned>(byte)) + '.';
    } else {
      name += kHexDigits[std::to_integer<std::size_t>(byte & std::byte{0xf})];
      name += '.';
      name += kHexDigits[std::to_integer<std::size_t>(byte >> 4U)];
      name += '.';
    }
  }
  return name + (address.is_ipv4() ? "in-addr.arpa" : "ip6.arpa");
}

std::string tlsa_name(std::string_view host, Port port) {
  return "_" + std::to_string(port.number) + "._tcp." + canonical(host);
}

}  // namespace smtpath::names
