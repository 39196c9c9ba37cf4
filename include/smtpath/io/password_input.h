#pragma once

// Where a password comes from: a descriptor that whoever called us opened, a file, or a person. It is one line; what
// stands behind that is left alone. Never the command line nor the environment: others of this host may read those.

#include <cstddef>
#include <string>
#include <string_view>

#include "smtpath/base/result.h"
#include "smtpath/base/secret.h"

namespace smtpath::io {

/// In bytes, without the line's end (LF, or CR LF).
inline constexpr std::size_t kLongestPassword = 1024;

/// The first line of what is open there; of a terminal, without showing it. The descriptor stays open. Errors: what
/// read(2) says; a line that is empty, too long, or holds a NUL.
Result<Secret> read_password(int descriptor);

/// The same of a file; "-" is standard input. Errors: what open(2) says, too.
Result<Secret> read_password_file(const std::string& path);

/// Asks on the terminal that this process belongs to, wherever its standard streams lead, and shows nothing of the
/// answer. Ctrl-C and SIGTERM do what they always do, once the terminal shows again what is typed. Errors: there is no
/// such terminal; as above.
Result<Secret> ask_password(std::string_view prompt);

}  // namespace smtpath::io
