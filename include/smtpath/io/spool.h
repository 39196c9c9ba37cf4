#pragma once

// Text that waits for its turn on disk instead of in memory: lines written in one order and read back in the same. Its
// file has no name and is gone with the process.

#include <cstdio>
#include <functional>
#include <memory>
#include <string_view>

#include "smtpath/base/result.h"

namespace smtpath::io {

class Spool {
 public:
  /// Errors: what tmpfile(3) says.
  static Result<Spool> open();

  /// `line` ends with a line feed, and holds neither another nor a NUL.
  void append(std::string_view line);

  /// Hands over each line, its line feed included. Errors: what writing or reading it met ("write temporary file: No
  /// space left on device"); then lines are missing.
  Result<Done> read_back(const std::function<void(std::string_view)>& take);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit Spool(std::FILE* file) : file_(file) {}

  std::unique_ptr<std::FILE, Close> file_;
  int error_ = 0;
};

}  // namespace smtpath::io
