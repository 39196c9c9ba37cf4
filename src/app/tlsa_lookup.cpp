#include "app/tlsa_lookup.h"

#include <algorithm>
#include <set>
#include <variant>

#include "smtpath/names/host_name.h"

namespace smtpath::app {

namespace {

using facts::Dnssec;
using facts::Lookup;

bool is_secure(const Lookup& lookup) {
  return lookup.dnssec == Dnssec::Secure;
}

/// RFC 7672 section 2.2: what leads to the host is signed, and so may be what it says of its certificates.
bool is_signed_all_the_way(const report::PlannedTarget& target) {
  if (!target.index || !target.lookup || target.lookup->steps.empty()) return false;
  const auto& steps = target.lookup->steps;
  return std::all_of(steps.begin(), steps.end(), is_secure);
}

std::vector<facts::TlsaRecord> records_of(const Lookup& lookup) {
  std::vector<facts::TlsaRecord> records;
  if (lookup.result != facts::LookupResult::Ok || !is_secure(lookup)) return records;
  for (const facts::Record& record : lookup.answer) {
    if (const auto* const tlsa = std::get_if<facts::TlsaRecord>(&record)) records.push_back(*tlsa);
  }
  return records;
}

}  // namespace

std::vector<std::string> names_of(const report::PlannedTarget& target) {
  if (!target.lookup || target.lookup->steps.empty()) return {};
  const std::string& asked = target.lookup->steps.front().question.name;
  if (!target.lookup->mx) return {asked};
  return {target.lookup->mx->host, asked};
}

TlsaTable find_tlsa_records(io::Resolver& resolver, const report::RunPlan& plan) {
  std::set<std::pair<std::string, Port>> wanted;
  for (const report::PlannedTarget& target : plan.targets) {
    if (!is_signed_all_the_way(target)) continue;
    for (const path::PortPlan& port : plan.plan.targets.at(*target.index).ports) {
      if (port.role != path::Role::Anchor) wanted.emplace(names_of(target).front(), port.port);
    }
  }
  std::vector<facts::Question> questions;
  for (const auto& [host, port] : wanted) {
    questions.push_back({names::tlsa_name(host, port), facts::RecordType::Tlsa});
  }
  const std::vector<Lookup> lookups = resolver.ask(questions);
  TlsaTable table;
  auto each = wanted.begin();
  for (const Lookup& lookup : lookups) {
    if (auto records = records_of(lookup); !records.empty()) table.emplace(*each, std::move(records));
    ++each;
  }
  return table;
}

}  // namespace smtpath::app
