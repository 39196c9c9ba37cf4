#pragma once

// The facts that reports and plans write alike.

#include "report/json_writer.h"
#include "smtpath/facts/target_error.h"
#include "smtpath/facts/vantage.h"

namespace smtpath::report {

void write_error(JsonWriter& out, const facts::TargetError& error);
void write_source(JsonWriter& out, const facts::Vantage& source);

}  // namespace smtpath::report
