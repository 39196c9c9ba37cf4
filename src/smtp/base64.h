#pragma once

// Base64 (RFC 4648 section 4), as AUTH says its parts (RFC 4954).

#include <string_view>

#include "smtpath/base/secret.h"

namespace smtpath::smtp {

Secret base64(std::string_view text);

}  // namespace smtpath::smtp
