#include "smtpath/path/fingerprint.h"

#include <optional>
#include <string_view>

#include "smtpath/path/back.h"

namespace smtpath::path {

namespace {

/// Those that begin with 255 and those that begin with 64 are not of one host; a longer way back proves less.
void compare_ways(std::vector<TraitDifference>& found, const Reply& reply, const Reply& other) {
  const auto initial = likely_initial_ttl(reply.ttl);
  const auto other_initial = likely_initial_ttl(other.ttl);
  if (initial != other_initial) {
    found.push_back({Trait::InitialTtl, "initial TTL (" + std::to_string(initial.hops) + ", not " +
                                            std::to_string(other_initial.hops) + ")"});
  } else if (reply.ttl != other.ttl) {
    found.push_back({Trait::Hops, "hops travelled (" + std::to_string(back_of(reply.ttl)) + ", not " +
                                      std::to_string(back_of(other.ttl)) + ")"});
  }
}

/// An option that both may offer.
struct Offer {
  Trait trait = Trait::Sack;
  std::string_view name;
  bool is_made = false;
  bool is_made_by_other = false;
};

void compare_presence(std::vector<TraitDifference>& found, const Offer& offer) {
  if (offer.is_made == offer.is_made_by_other) return;
  found.push_back({offer.trait, std::string(offer.name) + (offer.is_made ? " (offered)" : " (not offered)")});
}

std::string size_of_segments(const wire::TcpOptions& options) {
  return options.mss ? std::to_string(*options.mss) : "none";
}

/// A clock of one host that ticks at most once a millisecond has moved on by no more than that between two answers,
/// give or take what SYN cookies keep in its low bits.
bool may_be_one_clock(const Reply& reply, const Reply& other) {
  constexpr std::int64_t kSlack = 128;
  const auto between = std::chrono::duration_cast<std::chrono::milliseconds>(reply.at - other.at).count();
  const std::uint32_t moved = reply.tcp->options.timestamps->value - other.tcp->options.timestamps->value;
  const auto ticks = static_cast<std::int64_t>(static_cast<std::int32_t>(moved));
  const std::int64_t most = (between < 0 ? -between : between) + kSlack;
  return ticks >= -most && ticks <= most;
}

}  // namespace

std::vector<TraitDifference> differences(const Reply& reply, const Reply& other) {
  std::vector<TraitDifference> found;
  compare_ways(found, reply, other);
  if (!reply.tcp || !other.tcp) return found;
  const wire::TcpOptions& options = reply.tcp->options;
  const wire::TcpOptions& others = other.tcp->options;
  if (options.mss != others.mss) {
    found.push_back({Trait::MaximumSegmentSize,
                     "maximum segment size (" + size_of_segments(options) + ", not " + size_of_segments(others) + ")"});
  }
  compare_presence(found, {Trait::Sack, "selective acknowledgment", options.sack_permitted, others.sack_permitted});
  compare_presence(
      found, {Trait::WindowScale, "window scale", options.window_scale.has_value(), others.window_scale.has_value()});
  compare_presence(found,
                   {Trait::Timestamps, "timestamps", options.timestamps.has_value(), others.timestamps.has_value()});
  if (reply.tcp->window == 0 && other.tcp->window != 0) found.push_back({Trait::ZeroWindow, "a window of 0"});
  const bool have_clocks = options.timestamps && others.timestamps;
  if (!found.empty() && have_clocks && !may_be_one_clock(reply, other)) {
    found.push_back({Trait::Clock, "the clock of its timestamps"});
  }
  return found;
}

}  // namespace smtpath::path
