#pragma once

// Text that others wrote, rules and names of chains, made fit to be shown in one line.

#include <string>
#include <string_view>

namespace smtpath::io {

/// Without control characters and with single spaces; of what is longer than 200 bytes, the beginning and "...".
std::string one_line(std::string_view text);

}  // namespace smtpath::io
