#pragma once

// Names, banners and whatever else came from the network may hold anything that a terminal obeys. Text goes through
// here before a person sees it.

#include <string>
#include <string_view>

namespace smtpath::report {

/// One line of valid UTF-8. Control characters (C0, DEL, C1) are written \x1b; what is not UTF-8 becomes U+FFFD, and so
/// do characters that are invisible or turn the direction of writing.
std::string escaped(std::string_view text);

}  // namespace smtpath::report
