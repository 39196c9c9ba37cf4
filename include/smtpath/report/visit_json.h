#pragma once

// Mail visits of one target as an evidence file carries them, so that a replay judges them again. Passwords are not in
// it, since they are in no visit.

#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::report {

std::string to_json(const std::vector<verdict::MailFacts>& visits);

/// Error: the text is no such list; it names the fault and its place.
Result<std::vector<verdict::MailFacts>> parse_visits(std::string_view text);

}  // namespace smtpath::report
