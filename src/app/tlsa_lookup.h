#pragma once

// Asks for the TLSA records of the mail ports of a run (RFC 6698, 7672): of hosts whose look-ups DNSSEC vouches for all
// the way, and only for records that it vouches for too.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/facts/lookup.h"
#include "smtpath/io/resolver.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

/// By host and port; no entry: there are none.
using TlsaTable = std::map<std::pair<std::string, Port>, std::vector<facts::TlsaRecord>>;

/// Waits for the last answer; of few hosts there is anything to ask.
TlsaTable find_tlsa_records(io::Resolver& resolver, const report::RunPlan& plan);

/// The names that a target's certificate may be for, the host that is connected to first: its mail exchanger or the
/// name asked, then the mail domain. An address has none.
std::vector<std::string> names_of(const report::PlannedTarget& target);

}  // namespace smtpath::app
