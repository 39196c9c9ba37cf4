#pragma once

// Lines of the reply to EHLO (RFC 5321 section 4.1.1.1), and what firewalls make of texts they mean to hide.

#include <string>
#include <string_view>

namespace smtpath::smtp {

struct Extension {
  /// Upper case.
  std::string keyword;
  /// Keyword and parameters.
  std::string line;
};
Extension extension_of(std::string_view line);

/// X's where the keyword would stand, the last letter perhaps left: "XXXXXXXA".
bool is_masked_keyword(std::string_view keyword);

/// A greeting's text of asterisks, a few characters left: "****0*2****".
bool is_masked_text(std::string_view text);

}  // namespace smtpath::smtp
