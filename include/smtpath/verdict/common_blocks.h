#pragma once

// What the verdicts on many targets show together. Hosts of different networks whose port ends at the same place have
// one block in common, and it is hardly each server's own. This judges verdicts and not packets, and is never surer
// than they are. Memory is bounded however many targets are added: places are counted, targets are forgotten.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::verdict {

/// Whose doing a block is that several targets share.
enum class Judgement : std::uint8_t {
  /// This host stops the packets itself.
  ThisHost,
  /// Within the first hops, for hosts of different networks, and another port of theirs gets through.
  OutgoingPolicy,
  /// At one place for hosts of different networks, but not shown to be near, or to be of that port alone.
  CommonPath,
  /// At the destinations, or at the edge of one network.
  Servers,
  /// The same port gets past the same place for other targets.
  Mixed,
  /// The packets leave open whether it is one block or several.
  Unknown,
};

std::string_view to_string(Judgement judgement);

/// One port of a target, as it was judged.
struct JudgedPort {
  Port port;
  bool is_control = false;
  Verdict verdict;
  /// Routers that answered its probes.
  std::vector<IpAddress> routers;
};

struct JudgedTarget {
  IpAddress address;
  std::optional<Ttl> distance;
  std::vector<JudgedPort> ports;
};

/// How another port fares at the targets of a block.
struct OtherPort {
  Port port;
  /// Targets at which it is open, and at which the server itself refuses it: there, too, its SYNs get through.
  std::uint64_t open = 0;
  std::uint64_t refused = 0;
  friend bool operator==(const OtherPort&, const OtherPort&) = default;
};

/// A block that at least two targets share.
struct CommonBlock {
  /// Blocked alike at the same targets; rising.
  std::vector<Port> ports;
  Family family = Family::Ipv4;
  /// Without evidence. Its location holds what the locations of all targets agree on, and is absent where that is the
  /// destination, each its own; its confidence is no higher than the lowest of theirs.
  Verdict verdict;
  std::uint64_t targets = 0;
  /// Further ones, blocked alike, whose packets leave room for the same place and show no nearer one: a router that
  /// many probes pass does not answer all of them.
  std::uint64_t may_share = 0;
  /// Targets of the family that were judged on these ports.
  std::uint64_t asked = 0;
  /// Networks (/24, /48) that the targets are of.
  std::uint64_t networks = 0;
  /// Whether the counts are exact; else a bound was met, and they are the least.
  bool is_exact = true;
  /// Ports of the same targets that get through, rising.
  std::vector<OtherPort> others;
  /// Other targets at which these ports get through, past the same router.
  std::uint64_t passed_there = 0;
  Judgement judgement = Judgement::Unknown;
};

class CommonBlocks {
 public:
  CommonBlocks();
  CommonBlocks(CommonBlocks&&) noexcept;
  CommonBlocks& operator=(CommonBlocks&&) noexcept;
  ~CommonBlocks();

  /// A target of the run, once. The order matters only when a bound is met.
  void add(const JudgedTarget& target);

  /// Subjects before controls, blocks of many targets before those of few.
  std::vector<CommonBlock> found() const;

  /// Blocked ports of targets that are counted in no place, because there were too many places.
  std::uint64_t uncounted() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::verdict
