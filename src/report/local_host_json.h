#pragma once

// What a plan keeps of the host that it was made on.

#include "report/json_node.h"
#include "report/json_writer.h"
#include "smtpath/facts/local_host.h"

namespace smtpath::report {

void write_local_host(JsonWriter& out, const facts::LocalHost& host);

/// Of a plan that has none, as those of earlier versions: nothing known.
facts::LocalHost read_local_host(const JsonNode& node);

}  // namespace smtpath::report
