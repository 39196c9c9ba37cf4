#include "verdict/silence.h"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/branch.h"
#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

/// So many source ports in silence before a port is called dropped.
constexpr std::size_t kFlowsForSilence = 3;
/// What answers at all has answered by then.
constexpr Duration kAnswerTime = std::chrono::seconds(1);

/// A path seldom has so many routers in a row that say nothing.
constexpr int kSilentRouters = 12;
/// Nor so many in all.
constexpr Ttl kFarthestHost{30};

/// The flows of which a probe left with this TTL or more.
std::size_t flows_from(const Case& evidence, Ttl ttl) {
  const auto flows = evidence.path.flows();
  return static_cast<std::size_t>(std::count_if(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(),
                       [&](const path::Probe& probe) { return path::has_left(probe) && probe.ttl >= ttl; });
  }));
}

/// What expires before the host says nothing of the port where routers say nothing.
bool do_probes_reach_the_host(const Case& evidence, Ttl last) {
  const Ttl far_enough = evidence.distance ? evidence.distance->ttl : std::min(kFarthestHost, last + kSilentRouters);
  return evidence.path.probes_from(far_enough) > 0;
}

/// Flows of which a probe beyond `last` found silence while the capture lost nothing.
std::size_t flows_silent_without_loss(const Case& evidence, Ttl last) {
  const auto flows = evidence.path.flows();
  return static_cast<std::size_t>(std::count_if(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      const bool is_silent = probe.ttl > last && probe.replies.empty() && path::has_left(probe);
      return is_silent && evidence.capture_loss->between(probe.sent, probe.sent + kAnswerTime) == 0;
    });
  }));
}

std::string describe_alignment(const Alignment& alignment) {
  if (!alignment.is_needed) return {};
  if (!alignment.port) return " The path splits, and no flow of another port is known to take the same way.";
  return fmt::format(" The path splits; a flow of port {} takes the same routers up to hop {}.", alignment.port->number,
                     alignment.until.hops);
}

}  // namespace

std::optional<Verdict> silence_while_capture_lost(const Case& evidence) {
  if (evidence.answer || evidence.capture_loss == nullptr || evidence.path.flows().empty()) return std::nullopt;
  const Ttl last = last_router(evidence);
  const auto probes = evidence.path.sent_between();
  const std::uint64_t lost =
      probes ? evidence.capture_loss->between(probes->first, probes->second + kAnswerTime) : std::uint64_t{0};
  if (lost == 0 || flows_silent_without_loss(evidence, last) >= kFlowsForSilence) return std::nullopt;
  return undecided(
      Reason::CaptureLoss, evidence,
      fmt::format("No answer, but the capture itself lost {} meanwhile.", count_of(static_cast<int>(lost), "packet")));
}

/// Routers ration their errors over all ports: where another port is rejected, this one's rejects may have been lost.
std::optional<Verdict> silence_beside_rejection(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const Ttl last = last_router(evidence);
  for (const path::PortPath& other : evidence.others) {
    const auto answer = other.answer();
    const bool is_rejected =
        answer && answer->reply->kind == path::ReplyKind::Unreachable && answer->reply->from != evidence.target;
    if (!is_rejected || answer->elicit <= last || answer->elicit - last > 2) continue;
    return undecided(Reason::TooFewReplies, evidence,
                     fmt::format("No answer beyond hop {}, where port {} draws {}; its rate limit may have swallowed "
                                 "those of this port.",
                                 last.hops, other.port().number, describe_error(*answer)));
  }
  return std::nullopt;
}

std::optional<Verdict> silence(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const Ttl last = last_router(evidence);
  const int beyond = evidence.path.probes_from(last + 1);
  if (!evidence.path.was_probed()) {
    return undecided(Reason::TooFewReplies, evidence, "No probe was seen to leave this host.");
  }
  const std::size_t flows = flows_from(evidence, last + 1);
  if (flows < kFlowsForSilence) {
    return undecided(Reason::TooFewReplies, evidence,
                     fmt::format("No answer to {} yet, on {}.", count_of(beyond, "probe"),
                                 count_of(static_cast<int>(flows), "source port")));
  }
  const Location location = where_silence_begins(evidence);
  const bool has_control = location.first_missed.has_value();
  const bool is_control_asked = has_control && evidence.path.probes_from(location.first_missed->ttl) > 0;
  if (!is_control_asked && !do_probes_reach_the_host(evidence, last)) {
    return undecided(Reason::TooFewReplies, evidence,
                     fmt::format("No answer to {} beyond hop {}, but they need not have come as far as the host.",
                                 count_of(beyond, "probe"), last.hops));
  }
  const Alignment alignment = alignment_of(evidence, last);
  const bool is_compared = !alignment.is_needed || alignment.port;
  const Confidence with_control = is_compared ? Confidence::High : Confidence::Medium;
  const Confidence without_control = last > Ttl{0} ? Confidence::Medium : Confidence::Low;
  return found(Kind::Dropped, has_control ? with_control : without_control, location,
               fmt::format("{} beyond hop {} drew nothing, from {}; {}.{}", count_of(beyond, "probe"), last.hops,
                           count_of(static_cast<int>(flows), "source port"), describe_control(location),
                           describe_alignment(alignment)));
}

}  // namespace smtpath::verdict
