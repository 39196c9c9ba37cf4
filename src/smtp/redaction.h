#pragma once

// Some servers repeat in their refusal what the client said, and in an AUTH exchange that is a credential (base64, RFC
// 4954 section 4): words that could be such are blotted out.

#include <string>
#include <string_view>

namespace smtpath::smtp {

/// The text with every word that may be base64 replaced by "...".
std::string without_secrets(std::string_view text);

}  // namespace smtpath::smtp
