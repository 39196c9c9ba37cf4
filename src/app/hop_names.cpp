#include "app/hop_names.h"

#include <set>

#include "smtpath/names/host_name.h"

namespace smtpath::app {

namespace {

/// Over all targets; hops beyond these have no names.
constexpr std::size_t kMostAddresses = 4096;
constexpr std::size_t kMostAtOnce = 64;

std::set<IpAddress> hops_of(const report::TargetReport& report) {
  std::set<IpAddress> hops;
  for (const report::PortReport& port : report.ports) {
    for (const report::HopReport& hop : port.hops) {
      for (const report::ReplyReport& reply : hop.replies) hops.insert(reply.from);
    }
  }
  return hops;
}

std::string name_in(const facts::Lookup& lookup) {
  for (const facts::Record& record : lookup.answer) {
    if (const auto* name = std::get_if<facts::PtrRecord>(&record)) return name->host;
  }
  return {};
}

}  // namespace

void HopNames::want(const report::TargetReport& report) {
  for (const IpAddress& hop : hops_of(report)) {
    if (known_.contains(hop) || asked_.contains(hop)) continue;
    if (asked_.size() == kMostAtOnce || known_.size() + asked_.size() >= kMostAddresses) return;
    asked_.emplace(hop, resolver_.start({names::reverse_name(hop), facts::RecordType::Ptr}));
  }
}

void HopNames::advance(Duration patience) {
  if (asked_.empty()) return;
  resolver_.advance(patience);
  for (auto each = asked_.begin(); each != asked_.end();) {
    const auto lookup = resolver_.take(each->second);
    if (lookup) known_.emplace(each->first, name_in(*lookup));
    each = lookup ? asked_.erase(each) : std::next(each);
  }
}

bool HopNames::has_all(const report::TargetReport& report) const {
  if (asked_.empty()) return true;
  for (const IpAddress& hop : hops_of(report)) {
    if (asked_.contains(hop)) return false;
  }
  return true;
}

void HopNames::add_to(report::TargetReport& report) const {
  for (const IpAddress& hop : hops_of(report)) {
    const auto known = known_.find(hop);
    if (known != known_.end() && !known->second.empty()) report.names.emplace(hop, known->second);
  }
}

}  // namespace smtpath::app
