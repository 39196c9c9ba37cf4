#pragma once

// What some routers of a simulated Internet do to the ICMP errors that they send, beyond what a NetworkPath says: MPLS
// labels in them, extensions of wrong lengths, or each error many times over. None of it changes what is true.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/packets.h"

namespace smtpath::test {

struct Mischief {
  /// Time exceeded carry an RFC 4950 label stack: labels_of() their sender.
  bool has_labels = false;
  /// Each time exceeded comes once for each value of the RFC 4884 length field, with an extension object whose length
  /// is wrong too, and cut at another place.
  bool has_wrong_extensions = false;
  /// How often each ICMP error is sent.
  std::size_t copies = 1;
};

/// Two labels that tell routers apart.
std::vector<wire::MplsLabel> labels_of(const IpAddress& router);

/// What arrives in place of a packet that a device sent: at least one packet; TCP and echoes as they are.
class MischiefMaker {
 public:
  explicit MischiefMaker(const Mischief& mischief) : mischief_(mischief) {}

  std::vector<Bytes> sent_in_place_of(Bytes packet);

 private:
  std::vector<Bytes> wrong_extensions(std::span<const std::byte> packet);

  Mischief mischief_;
  std::size_t next_cut_ = 0;
  std::size_t next_object_length_ = 0;
};

}  // namespace smtpath::test
