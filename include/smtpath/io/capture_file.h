#pragma once

// Reads captures: pcap and pcapng in both byte orders, from a file, a pipe or memory. Bounded in
// memory whatever the file claims; a file that is cut or damaged gives the frames before that, and says where it ends.
// The caller asks for events until there are none, then for what the file says of itself.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/result.h"
#include "smtpath/base/time.h"

namespace smtpath::io {

enum class EndingKind : std::uint8_t {
  Whole,
  /// The bytes stop within a packet or block.
  CutShort,
  /// A block claims what cannot be; nothing after it was read.
  Damaged,
};

struct Ending {
  EndingKind kind = EndingKind::Whole;
  /// In bytes: where the file stops, or where the damaged block begins.
  std::uint64_t offset = 0;
};

/// What an interface statistics block says.
struct FileStatistics {
  Time end;
  /// Over all interfaces, each as its last block has it.
  CaptureStatistics counts;
  /// Of the block.
  std::string comment;
};

/// What stands in a file at one place of it.
using FileEvent = std::variant<Frame, FileStatistics>;

class CaptureFile {
 public:
  /// "-" is standard input. Reads nothing yet. Errors: what open(2) says; a directory.
  static Result<CaptureFile> open(const std::string& path);

  /// A capture that is in memory; `name` is for messages.
  static CaptureFile of_bytes(std::string name, std::vector<std::byte> bytes);

  CaptureFile(CaptureFile&&) noexcept;
  CaptureFile& operator=(CaptureFile&&) noexcept;
  ~CaptureFile();

  const std::string& name() const;

  /// The next frame or statistics in file order, the bytes of a frame good until the next call; none at the end. A
  /// refused send of an evidence file has its errno, one that no interface saw says so. Times lie between 1970 and
  /// 2116, those of packets without one (simple packet blocks) repeat the last. Errors: not a capture file; what
  /// read(2) says.
  Result<std::optional<FileEvent>> next();

  /// Once next() gave none.
  Ending ending() const;
  /// Of the sections read so far; the first is the plan of an evidence file.
  const std::vector<std::string>& section_comments() const;
  /// The last, with the latest time of any; none before the file said any.
  std::optional<FileStatistics> statistics() const;
  /// Blocks passed over: packets of interfaces that were never described, contents that do not fit their block.
  std::uint64_t unusable_blocks() const;

 private:
  struct State;
  explicit CaptureFile(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
