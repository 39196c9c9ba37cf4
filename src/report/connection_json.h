#pragma once

// The JSON object of a connection (docs/report.md).

#include "report/json_writer.h"
#include "smtpath/report/connection.h"

namespace smtpath::report {

void write_connection(JsonWriter& out, const ConnectionReport& connection);

}  // namespace smtpath::report
