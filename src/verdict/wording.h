#pragma once

// Figures and facts in words, for the evidence of a verdict.

#include <string>
#include <string_view>

#include "smtpath/path/distance.h"
#include "smtpath/path/port_path.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::verdict {

/// "1 hop", "3 hops".
std::string count_of(int count, std::string_view noun);

/// "EPERM", or "errno 71" for one without a name here.
std::string errno_name(int number);

/// "ICMP admin-prohibited from 10.0.0.1".
std::string describe_error(const path::Answer& answer);

/// "SYN-ACK (TTL 61 on arrival)".
std::string describe_answer(const path::Answer& answer);

/// "its echo replies begin there".
std::string describe_distance(const path::Distance& distance);

/// What shows that the path goes on beyond a silence: "hop 4 (10.0.4.1) answered other ports".
std::string describe_control(const Location& location);

}  // namespace smtpath::verdict
