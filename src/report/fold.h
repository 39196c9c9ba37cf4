#pragma once

// Prose broken into the lines of a terminal.

#include <string>
#include <string_view>

namespace smtpath::report {

struct Folding {
  /// Columns; 0: never break.
  int width = 80;
  /// Spaces before the second line and all after it.
  int indent = 0;
};

/// Breaks at spaces, and within a word only where it is longer than a whole line. Each line ends with a newline. The
/// text is one line, already escaped, and may begin with spaces of its own.
std::string folded(std::string_view text, const Folding& folding);

}  // namespace smtpath::report
