#include "smtpath/io/resolver.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>

#include "io/socket_address.h"
#include "smtpath/io/routes.h"

namespace smtpath::io {

namespace {

using facts::TargetError;
using facts::TargetErrorKind;

/// RFC 1035 section 2.3.4, as text without the final dot.
constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;
/// At a time.
constexpr std::size_t kMostLookUps = 32;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_name_letter(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '-' ||
         letter == '_';
}

/// What is wrong with a host name; empty if nothing. getaddrinfo would read "1.2.3" as 1.2.0.3, so that a name whose
/// last label is a number is taken for a misspelt address.
std::string_view flaw_of_name(std::string_view name) {
  if (name.empty()) return "empty name";
  if (name.find(':') != std::string_view::npos) return "not an IPv6 address, nor a host name";
  if (name.back() == '.') name.remove_suffix(1);
  if (name.size() > kMaxName) return "longer than a host name can be (253 characters)";

  std::string_view last;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    last = name.substr(start, end - start);
    if (last.empty() || last.size() > kMaxLabel) return "not a host name: its parts have 1 to 63 characters";
    if (!std::all_of(last.begin(), last.end(), is_name_letter)) {
      return "not a host name: only letters, digits, hyphens and dots (others as xn--)";
    }
    start = end + 1;
  }
  const bool is_hexadecimal = last.size() > 1 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X');
  if (is_hexadecimal || std::all_of(last.begin(), last.end(), is_digit)) {
    return "not an IPv4 address (four numbers from 0 to 255)";
  }
  return {};
}

TargetError not_unicast(const std::string& subject, const std::string& kind) {
  return {TargetErrorKind::NotUnicast, subject + ": " + kind + ", not the address of one host"};
}

/// Why no SYN can go to an address. `subject` is what to call it in a message.
std::optional<TargetError> flaw_of_address(const std::string& subject, const IpAddress& address) {
  if (address.is_unspecified()) return not_unicast(subject, "the unspecified address");
  if (address.is_multicast()) return not_unicast(subject, "a multicast address");
  if (is_broadcast(address)) return not_unicast(subject, "a broadcast address");
  if (address.is_ipv4()) return std::nullopt;
  const in6_addr bytes = to_in6_addr(address);
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) return not_unicast(subject, "an IPv4 address in IPv6 clothes");
  if (!address.is_link_local()) return std::nullopt;
  return TargetError{TargetErrorKind::NoRoute, subject + ": link-local addresses cannot be traced"};
}

Resolution keep_usable(const std::string& target, const std::vector<IpAddress>& addresses) {
  std::vector<IpAddress> usable;
  std::optional<TargetError> first_error;
  for (const IpAddress& address : addresses) {
    const std::string text = to_string(address);
    const std::string subject = target == text ? text : fmt::format("{}: {}", target, text);
    auto error = flaw_of_address(subject, address);
    if (!error) {
      usable.push_back(address);
    } else if (!first_error) {
      first_error = std::move(error);
    }
  }
  if (usable.empty() && first_error) return *std::move(first_error);
  return usable;
}

TargetError failure(const std::string& name, int status, std::optional<Family> family) {
  if (status == EAI_NONAME) return {TargetErrorKind::UnknownHost, name + ": no such host"};
  if (status == EAI_NODATA || status == EAI_ADDRFAMILY) {
    const std::string kind = !family ? "" : *family == Family::Ipv4 ? "IPv4 " : "IPv6 ";
    return {TargetErrorKind::NoAddress, name + ": has no " + kind + "address"};
  }
  const std::string reason = status == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(status);
  return {TargetErrorKind::ResolverFailure, name + ": cannot be looked up: " + reason};
}

Resolution look_up(const std::string& name, std::optional<Family> family) {
  addrinfo hints{};
  hints.ai_family = family ? address_family(*family) : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (status != 0) return failure(name, status, family);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);

  std::vector<IpAddress> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    const auto address = SocketAddress(*entry->ai_addr, entry->ai_addrlen).address();
    if (!address || std::find(addresses.begin(), addresses.end(), *address) != addresses.end()) continue;
    addresses.push_back(*address);
  }
  if (addresses.empty()) return failure(name, EAI_NODATA, family);
  return keep_usable(name, addresses);
}

}  // namespace

Resolution resolve(const std::string& target, std::optional<Family> family) {
  if (const auto literal = IpAddress::parse(target)) {
    if (family && literal->family() != *family) {
      return TargetError{TargetErrorKind::NoAddress,
                         target + ": not an " + (*family == Family::Ipv4 ? "IPv4" : "IPv6") + " address"};
    }
    return keep_usable(target, {*literal});
  }
  if (const std::string_view flaw = flaw_of_name(target); !flaw.empty()) {
    return TargetError{TargetErrorKind::UnknownHost, "\"" + target + "\": " + std::string(flaw)};
  }
  return look_up(target, family);
}

std::vector<Resolution> resolve_all(std::span<const std::string> targets, std::optional<Family> family) {
  std::vector<Resolution> resolutions(targets.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < targets.size(); i = next++) resolutions[i] = resolve(targets[i], family);
  };
  const auto names = static_cast<std::size_t>(std::count_if(
      targets.begin(), targets.end(), [](const std::string& target) { return !IpAddress::parse(target); }));
  std::vector<std::jthread> workers;
  try {
    while (workers.size() + 1 < std::min(names, kMostLookUps)) workers.emplace_back(work);
  } catch (const std::system_error&) {
    // Where threads are rationed, those that there are do the work, this one at least.
  }
  work();
  return resolutions;
}

}  // namespace smtpath::io
