#pragma once

// What stands at the other end of standard output or standard error: a person's terminal, or a file or pipe.

#include <cstddef>
#include <cstdint>
#include <optional>

namespace smtpath::io {

enum class Stream : std::uint8_t { StandardOutput, StandardError };

bool is_terminal(Stream stream);

/// In columns: COLUMNS where it is set, else what the terminal says; none for a file or pipe.
std::optional<std::size_t> terminal_width(Stream stream);

/// NO_COLOR is set to anything (no-color.org).
bool is_color_unwanted();

}  // namespace smtpath::io
