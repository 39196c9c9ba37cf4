#pragma once

// A place at which a port of some targets is blocked alike, what is counted there, and what that amounts to. Counts
// only: the targets themselves are forgotten.

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "smtpath/verdict/common_blocks.h"
#include "verdict/network_set.h"

namespace smtpath::verdict {

enum class Scope : std::uint8_t { ThisHost, Router, Destination };

/// Blocks with equal keys are at the same place and of the same kind.
struct PlaceKey {
  Scope scope = Scope::Router;
  Port port;
  Family family = Family::Ipv4;
  Kind kind = Kind::Dropped;
  std::optional<Cause> cause;
  /// Whether the router is the one suspect; else it is the last one that was reached.
  bool is_suspect = false;
  /// Absent beyond this host itself, where the scope is no router, and where the router stayed silent.
  std::optional<IpAddress> router;
  /// Of a silent router.
  Ttl ttl{0};
  friend auto operator<=>(const PlaceKey&, const PlaceKey&) = default;
};

/// Where the port is blocked; absent where it is not.
std::optional<PlaceKey> place_of_block(const JudgedTarget& target, const JudgedPort& port);

/// Whether the packets show a place that targets could share; a silent router may be another one each time.
bool is_shown(const PlaceKey& key);

/// Whether SYNs to the port get to the target itself.
bool gets_through(const Verdict& verdict);

class SharedPlace {
 public:
  /// `number` is that of the target within the run.
  void add(const JudgedTarget& target, const JudgedPort& port, std::uint64_t number);

  std::uint64_t targets() const { return targets_; }
  /// Whether all that is known of a target here holds for a block at `other`, too.
  bool leaves_room_for(const SharedPlace& other) const;
  /// Of equal sums at equal counts, the targets are taken to be the same.
  std::uint64_t fingerprint() const { return fingerprint_; }
  bool is_control() const { return is_control_; }
  /// The block of one port, without `asked`.
  CommonBlock block(const PlaceKey& key, std::uint64_t passed_there) const;

 private:
  void merge_location(const Location& location);
  void count_others(const JudgedTarget& target, const JudgedPort& port);
  /// Whether another port gets through at each of the targets.
  bool is_of_the_port() const;
  bool is_near() const;
  Judgement judgement(const PlaceKey& key, std::uint64_t passed_there) const;
  Confidence confidence(Judgement judgement) const;

  std::uint64_t targets_ = 0;
  std::uint64_t fingerprint_ = 0;
  bool is_control_ = true;
  NetworkSet networks_;
  /// Of those targets alone whose packets leave two neighbours at most.
  NetworkSet pinned_networks_;
  bool are_all_pinned_ = true;
  bool has_edge_ = false;
  Confidence lowest_ = Confidence::High;
  std::optional<Location> common_;
  /// Of the hops that were missed, the nearest.
  std::optional<Ttl> nearest_missed_;
  std::optional<Ttl> nearest_target_;
  std::vector<OtherPort> others_;
};

}  // namespace smtpath::verdict
