#pragma once

// What tshark shows of frames of any link types: the innermost IP and TCP header of each.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/frame.h"
#include "support/packets.h"

namespace smtpath::test {

/// A frame that owns its bytes.
struct KeptFrame {
  LinkType link = LinkType::Ethernet;
  Bytes bytes;
  std::uint32_t original_length = 0;
  /// File and number in it, for messages.
  std::string origin;
};

/// One line a frame.
struct SharkFrame {
  /// Colon-separated, outermost first: "eth:ethertype:ip:tcp".
  std::string protocols;
  /// Empty where there is none.
  std::string source;
  std::string destination;
  std::string source_port;
  std::string destination_port;
  std::string sequence;
  std::string flags;
  std::string payload_length;
  /// "1" where fragments that were put together disagree on bytes that they share.
  std::string overlap_conflict;
  /// Of that field; tshark has none for segments that it cannot read whole.
  bool has_tcp() const { return !sequence.empty(); }
};

/// With IP fragments left as they are, or put together. One for each frame; empty when tshark is not there.
std::vector<SharkFrame> read_frames_with_tshark(const std::vector<KeptFrame>& frames, bool puts_fragments_together);

}  // namespace smtpath::test
