#pragma once

// A file that a run writes: a report or the evidence. Opened before privileges go; errors of writing are kept until
// finish(), so that whoever produces text need not look. Ends by finish() or abandon(); without either it keeps what
// was written so far. SIGPIPE must be ignored.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

class OutputFile {
 public:
  /// Creates the file or empties it; "-" is standard output. Errors: what open(2) says; standard output is closed.
  static Result<OutputFile> open(const std::string& path);

  OutputFile(OutputFile&&) noexcept = default;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// Buffered. After the first error nothing more is written.
  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);

  /// Hands the buffer to the kernel, so that a reader sees it now and a killed run keeps it.
  void flush();

  bool has_failed() const { return error_.has_value(); }

  /// The first error of all ("write /dev/full: No space left on device"). Nothing can be written any more.
  Result<Done> finish();

  /// Removes the file if open() made it and privileges still allow that, else empties it. What went to standard output,
  /// a pipe or a terminal stays.
  void abandon();

 private:
  enum class Origin : std::uint8_t { Created, Found, StandardOutput };

  OutputFile(FileDescriptor file, std::string name, Origin origin);

  FileDescriptor file_;
  std::string name_;
  Origin origin_ = Origin::Found;
  std::string buffer_;
  std::optional<Error> error_;
};

}  // namespace smtpath::io
