#pragma once

// An errno as an Error in the project's form.

#include <string>
#include <string_view>
#include <system_error>

#include "smtpath/base/result.h"

namespace smtpath::io {

/// "open run.pcapng: Permission denied", of the operation "open run.pcapng" and EACCES.
inline Error system_error(std::string_view operation, int number) {
  return Error{std::string(operation) + ": " + std::generic_category().message(number)};
}

}  // namespace smtpath::io
