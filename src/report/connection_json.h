#pragma once

// The JSON object of a connection (docs/report.md).

#include "report/json_writer.h"
#include "smtpath/report/connection.h"

namespace smtpath::report {

/// Its members, into an object that has been begun.
void write_fields(JsonWriter& out, const ConnectionReport& connection);

}  // namespace smtpath::report
