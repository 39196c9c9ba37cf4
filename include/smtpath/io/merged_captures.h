#pragma once

// Several captures read as one, ordered by the times of their frames. What is out of order within a file stays so: of
// the frames that come next in each file, the earliest is given, and of equal ones that of the file named first.
// Statistics follow the frame that they stand behind. One file costs nothing beside CaptureFile.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/capture_file.h"

namespace smtpath::io {

class MergedCaptures {
 public:
  /// At least one path, "-" for standard input among them. Opens all and reads nothing yet. Errors: those of
  /// CaptureFile::open() for the first path that has one.
  static Result<MergedCaptures> open(const std::vector<std::string>& paths);

  /// At least one.
  static MergedCaptures of(std::vector<CaptureFile> files);

  MergedCaptures(MergedCaptures&&) noexcept;
  MergedCaptures& operator=(MergedCaptures&&) noexcept;
  ~MergedCaptures();

  /// The next frame or statistics of all files, the bytes of a frame good until the next call; none at the end of all.
  /// Errors: those of CaptureFile::next(), which name their file and end it; the next call goes on with the others.
  Result<std::optional<FileEvent>> next();

  /// The index of the file that the last event or error came from.
  std::size_t current() const;

  /// In the order given. Each has its ending(), statistics() and the like once next() gave none.
  std::size_t file_count() const;
  const CaptureFile& file(std::size_t index) const;

  /// Of all files, for a progress bar. size() is none when one of them has none.
  std::uint64_t bytes_read() const;
  std::optional<std::uint64_t> size() const;

 private:
  struct State;
  explicit MergedCaptures(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
