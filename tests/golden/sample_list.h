#pragma once

// The captures of captures/ as its README.md lists them: one row of a table each, with what is due written by hand.

#include <string>
#include <vector>

namespace smtpath::test {

struct ListedCapture {
  /// Of the file, its ending included.
  std::string file{};
  /// Outcomes of its connections in the order in which they began; or, of a trace, "25 dropped", one a port.
  std::vector<std::string> due{};
  bool is_trace = false;
  /// By tools/make_captures, which makes the same bytes each time.
  bool is_made = false;

  /// Without its endings: what its goldens are called.
  std::string name() const { return file.substr(0, file.find('.')); }
};

/// Throws where the table cannot be read.
std::vector<ListedCapture> listed_captures();

}  // namespace smtpath::test
