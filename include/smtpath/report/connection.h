#pragma once

// One captured connection as a report has it. Written as soon as it is known and then forgotten.

#include <optional>
#include <string>

#include "smtpath/session/session.h"
#include "smtpath/verdict/outcome.h"

namespace smtpath::report {

struct ConnectionReport {
  session::Session session;
  verdict::SessionVerdict verdict;
  /// The capture that it is in, where each is examined for itself.
  std::optional<std::string> file{};
};

/// The JSON object, without line feeds.
std::string json_of(const ConnectionReport& connection);

/// One line of JSON lines, "type": "connection", with a final newline.
std::string json_line_of(const ConnectionReport& connection);

}  // namespace smtpath::report
