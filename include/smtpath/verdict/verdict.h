#pragma once

// What the judge says of one port: what happens to it, between which hops, how sure that is and why. The words are
// those of docs/verdicts.md; their spelling in reports is fixed by to_string.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::verdict {

enum class Kind : std::uint8_t {
  Open,
  Refused,
  Dropped,
  Rejected,
  ResetInjected,
  Intercepted,
  Intermittent,
  Loop,
  Unreachable,
  NoRoute,
  Inconclusive,
};

enum class Confidence : std::uint8_t { High, Medium, Low };

/// Why an intermittent port is so.
enum class Cause : std::uint8_t { PathDependent, RateLimited, Overloaded, Loss };

/// What an inconclusive verdict lacks.
enum class Reason : std::uint8_t {
  CaptureLoss,
  TooFewReplies,
  ContradictoryReplies,
  UnknownDistance,
  Interrupted,
  OtherRoute
};

/// Where on the way. Local: this host. Edge: the destination or the hop right before it.
enum class Place : std::uint8_t { Local, Path, Edge, Destination, Unknown };

std::string_view to_string(Kind kind);
std::string_view to_string(Confidence confidence);
std::string_view to_string(Cause cause);
std::string_view to_string(Reason reason);
std::string_view to_string(Place place);

/// A position on the path; without an address where no packet showed one.
struct HopReference {
  Ttl ttl;
  std::optional<IpAddress> address;
  friend bool operator==(const HopReference&, const HopReference&) = default;
};

struct Location {
  Place place = Place::Unknown;
  /// The farthest hop whose own answer this port's probes drew; TTL 0 is this host.
  HopReference last_reached;
  /// The nearest hop beyond it that answered another port, or the destination.
  std::optional<HopReference> first_missed;
  /// Only when one device alone fits.
  std::optional<HopReference> suspect;
  friend bool operator==(const Location&, const Location&) = default;
};

/// One reason for the verdict: the rule that found it, and a sentence with the figures.
struct Evidence {
  std::string rule;
  std::string text;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Verdict {
  Kind kind = Kind::Inconclusive;
  Confidence confidence = Confidence::Low;
  /// Intermittent only.
  std::optional<Cause> cause;
  /// Inconclusive only.
  std::optional<Reason> reason;
  /// Absent only when Open.
  std::optional<Location> location;
  /// Strongest first.
  std::vector<Evidence> evidence;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

}  // namespace smtpath::verdict
