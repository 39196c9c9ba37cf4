#include "io/dns_server.h"

#include <netdb.h>

#include <algorithm>
#include <memory>

namespace smtpath::io {

namespace {

constexpr std::string_view kUsualPort = "53";

struct Parts {
  std::string address;
  std::string port;
};

std::optional<Parts> split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    return Parts{std::string(text.substr(1, end - 1)), std::string(rest.empty() ? kUsualPort : rest.substr(1))};
  }
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return Parts{std::string(text), std::string(kUsualPort)};
  return Parts{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

bool is_port(const std::string& text) {
  constexpr std::size_t kMostDigits = 5;
  const bool is_number = std::all_of(text.begin(), text.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
  if (text.empty() || text.size() > kMostDigits || !is_number) return false;
  constexpr int kLastPort = 65535;
  const int number = std::stoi(text);
  return number > 0 && number <= kLastPort;
}

/// getaddrinfo takes short forms for addresses: "1.2", "0x7f.1".
bool is_address(const std::string& text) {
  return IpAddress::parse(std::string_view(text).substr(0, text.find('%'))).has_value();
}

}  // namespace

std::optional<DnsServer> parse_dns_server(std::string_view text) {
  const auto parts = split(text);
  if (!parts || !is_port(parts->port) || !is_address(parts->address)) return std::nullopt;
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(parts->address.c_str(), parts->port.c_str(), &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  return DnsServer{.text = parts->port == kUsualPort ? parts->address : parts->address + "@" + parts->port,
                   .address = SocketAddress(*found->ai_addr, found->ai_addrlen)};
}

}  // namespace smtpath::io
