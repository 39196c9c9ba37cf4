#pragma once

// The signs and words in the cells of the table of hops by ports, and the legend that explains them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/hop_rows.h"

namespace smtpath::report {

/// How much a cell says. Short: ICMP by numbers only. Narrow: the shortest signs.
enum class Detail : std::uint8_t { Long, Short, Narrow };

/// "x", "?" or nothing.
std::string_view sign_of(Mark mark);

/// "·", "SYN-ACK", "3/13 admin-prohibited", "*", …; empty for a TTL that was not probed.
std::string answers_of(const HopCell& cell, Detail detail);

/// "[MPLS L=24001 E=0 S=1 TTL=1]", as mtr and traceroute write it.
std::string words_on(const wire::MplsLabel& label);

/// "* no reply": the signs that occur in the rows, with their meanings.
std::vector<std::string> signs_of(const std::vector<HopRow>& rows, Detail detail);

}  // namespace smtpath::report
