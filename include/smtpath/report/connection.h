#pragma once

// One captured connection as a report has it. Written as soon as it is known and then forgotten.

#include <string>

#include "smtpath/session/session.h"
#include "smtpath/verdict/outcome.h"

namespace smtpath::report {

struct ConnectionReport {
  session::Session session;
  verdict::SessionVerdict verdict;
};

/// One line of JSON lines, "type": "connection", with a final newline.
std::string json_line_of(const ConnectionReport& connection);

}  // namespace smtpath::report
