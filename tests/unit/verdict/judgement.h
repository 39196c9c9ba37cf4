#pragma once

// Asks the judge for one port of a trace made by hand, and words a verdict so that a test can compare it at a glance.

#include <cstdint>
#include <optional>
#include <string>

#include "smtpath/verdict/diagnose.h"
#include "unit/path/trace_builder.h"

namespace smtpath::test {

verdict::Verdict judge(const TraceBuilder& trace, std::uint16_t port = 25, std::uint64_t dropped_by_capture = 0);

/// "reset-injected high path, last 3 r3, missed 4 r4, suspect 3 r3": rK is router K, target the target, ? no address,
/// and none no hop. "open high" where there is no location.
std::string in_short(const verdict::Verdict& verdict);

/// Name of the rule that decided; empty: none.
std::string rule_of(const verdict::Verdict& verdict);

}  // namespace smtpath::test
