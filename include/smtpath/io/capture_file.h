#pragma once

// Reads captures: pcap and pcapng in both byte orders, snoop; gzip- and zstd-compressed or plain; from a file, a pipe
// or memory. Bounded in memory whatever the file claims; a file that is cut or damaged gives the frames before that,
// and says where it ends. The caller asks for events until there are none, then for what the file says of itself.

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
  /// In bytes: where the file stops, or where the damaged block begins. Of a compressed file, in what comes out of it.
  std::uint64_t offset = 0;
  /// In bytes of the compressed file, where it is that one that stops or is damaged.
  std::optional<std::uint64_t> compressed_offset;
  /// What is wrong with what is damaged: "a packet of 2147483647 bytes", "gzip: incorrect data check"; else empty.
  std::string text;

  friend bool operator==(const Ending&, const Ending&) = default;
};

/// "whole", "cut short at byte 4096", "damaged at byte 88: a block of 7 bytes".
std::string describe(const Ending& ending);

/// What an interface statistics block says, or what a snoop file's packets say of drops.
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
  /// "-" is standard input. Reads nothing yet; opening a FIFO waits for its writer, as open(2) does. A file that grows
  /// while it is read ends where its end is first met. Errors: what open(2) says; a directory.
  static Result<CaptureFile> open(const std::string& path);

  /// The same with a buffer of about `block` bytes (at least 4096), for many files at once.
  static Result<CaptureFile> open(const std::string& path, std::size_t block);

  /// A capture that is in memory; `name` is for messages.
  static CaptureFile of_bytes(std::string name, std::vector<std::byte> bytes);

  CaptureFile(CaptureFile&&) noexcept;
  CaptureFile& operator=(CaptureFile&&) noexcept;
  ~CaptureFile();

  const std::string& name() const;

  /// From here on a wait for a pipe or terminal ends once this descriptor is readable: next() says that it was
  /// interrupted.
  void interrupt_by(int descriptor);

  /// Reads as far as the first frame or statistics, which next() still gives: what the file says of itself before that
  /// is known then. Errors: those of next(), which is not asked then.
  Result<Done> look_ahead();

  /// The next frame or statistics in file order, the bytes of a frame good until the next call; none at the end. A
  /// refused send of an evidence file has its errno, one that no interface saw says so. Times lie between 1970 and
  /// 2116, those of packets without one (simple packet blocks) repeat the last. Errors, after which there is none: not
  /// a capture file (and what it seems to be instead); what read(2) says.
  Result<std::optional<FileEvent>> next();

  /// Once next() gave none or an error.
  const Ending& ending() const;

  /// "pcapng, nanoseconds, zstd"; empty before the first next() and of what is no capture file. The resolution is that
  /// of the first interface, or "mixed resolutions".
  std::string format() const;

  /// As they are in the file, compressed or not; ahead of what next() gave by less than a buffer.
  std::uint64_t bytes_read() const;
  /// Of the file when it was opened; none of pipes and terminals.
  std::optional<std::uint64_t> size() const;

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
