#pragma once

// `mail` of a port in the JSON report: docs/report.md.

#include "report/json_writer.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::report {

void write_mail(JsonWriter& out, const verdict::JudgedVisit& visit);

}  // namespace smtpath::report
