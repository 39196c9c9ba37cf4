#pragma once

// Reads a text file or standard input line by line, whatever is in it and however long its lines are, in bounded
// memory.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "smtpath/base/result.h"

namespace smtpath::io {

class LineReader {
 public:
  /// More of a line is not read.
  static constexpr std::size_t kLongestLine = 4096;

  /// "-" is standard input. Errors: what open(2) says; a directory.
  static Result<LineReader> open(const std::string& path);

  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  /// The path, or "standard input".
  const std::string& name() const;

  /// The next line without its line feed, the last one also where it has none; nothing at the end. A line longer than
  /// kLongestLine comes in pieces of that length. Error: what read(2) says.
  Result<std::optional<std::string>> next();

 private:
  struct State;
  explicit LineReader(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
