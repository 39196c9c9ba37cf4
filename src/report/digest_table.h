#pragma once

// The table by server and port, with the ports of one server beneath one another.

#include <span>
#include <string>

#include "report/digest_rows.h"
#include "smtpath/report/text.h"

namespace smtpath::report {

/// Header and rows, each line with a newline; nothing of no servers. No wider than the style allows, as long as that
/// leaves room for the numbers.
std::string digest_table_of(std::span<const ServerRows> servers, const TextStyle& style);

/// "12 dropped, 2 delivered": the failures first, each kind with the most frequent first.
std::string outcome_words(const verdict::PortTally& tally);

}  // namespace smtpath::report
