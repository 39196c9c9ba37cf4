#include "smtpath/names/mail_route.h"

#include <algorithm>

#include "smtpath/base/address.h"
#include "smtpath/names/host_name.h"

namespace smtpath::names {

namespace {

constexpr std::string_view kRoot = ".";

std::optional<HostFlaw> flaw_of(const std::string& host) {
  if (host == kRoot) return HostFlaw::IsRoot;
  if (IpAddress::parse(canonical(host))) return HostFlaw::IsAddress;
  if (!flaw_of_host_name(host).empty()) return HostFlaw::NoHostName;
  return std::nullopt;
}

std::vector<facts::MxRecord> records_of(const facts::Lookup& lookup) {
  std::vector<facts::MxRecord> records;
  for (const facts::Record& record : lookup.answer) {
    if (const auto* mx = std::get_if<facts::MxRecord>(&record)) records.push_back(*mx);
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.preference < b.preference; });
  return records;
}

}  // namespace

MailRoute route_of(const facts::Lookup& mx) {
  if (mx.result == facts::LookupResult::NoData) return {.kind = RouteKind::ItsOwnAddress, .exchangers = {}};
  if (mx.result != facts::LookupResult::Ok) return {};
  MailRoute route{.kind = RouteKind::Exchangers, .exchangers = {}};
  for (facts::MxRecord& record : records_of(mx)) {
    const bool is_known = std::any_of(route.exchangers.begin(), route.exchangers.end(), [&](const Exchanger& each) {
      return canonical(each.record.host) == canonical(record.host);
    });
    if (!is_known) route.exchangers.push_back({.record = record, .flaw = flaw_of(record.host)});
  }
  if (route.exchangers.empty()) return {.kind = RouteKind::ItsOwnAddress, .exchangers = {}};
  const bool is_null = route.exchangers.size() == 1 && route.exchangers.front().flaw == HostFlaw::IsRoot;
  if (is_null) return {.kind = RouteKind::NullMx, .exchangers = {}};
  return route;
}

}  // namespace smtpath::names
