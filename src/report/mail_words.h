#pragma once

// What a visit to a mail port came to, in the text report and in its conclusion.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/report/report.h"

namespace smtpath::report {

/// "mail: ok, TLSv1.3, greeted in 12 ms", and behind it a line for each thing to be said about it. Escaped.
std::vector<std::string> lines_on(const verdict::JudgedVisit& visit);
/// "connect 10 ms, greeting 12 ms": the stages that were passed. Empty: none was.
std::string times_of(const verdict::JudgedVisit& visit);

/// Sentences on the ports where mail does not simply work: "587 is open, but its certificate expired 3 days ago."
/// Empty:
/// there are none. Not yet escaped.
std::string mail_sentences(const TargetReport& target);

}  // namespace smtpath::report
