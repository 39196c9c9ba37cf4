#pragma once

// How a name led to an address, as reports and plans write it; a plan keeps times to the nanosecond.

#include "report/json_node.h"
#include "report/json_writer.h"
#include "smtpath/facts/lookup.h"

namespace smtpath::report {

void write_lookup(JsonWriter& out, const facts::TargetLookup& lookup);

void write_planned_lookup(JsonWriter& out, const facts::TargetLookup& lookup);
/// Of what a plan has; it may hold anything.
facts::TargetLookup read_planned_lookup(const JsonNode& node);

}  // namespace smtpath::report
