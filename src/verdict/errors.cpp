#include "verdict/errors.h"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

std::optional<Verdict> routers_repeat(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const auto routers = evidence.path.routers();
  for (std::size_t later = 0; later < routers.size(); ++later) {
    for (std::size_t first = 0; first < later; ++first) {
      const bool is_again = routers[first].address == routers[later].address;
      if (!is_again || routers[later].ttl - routers[first].ttl < 2) continue;
      // Of several routers that answered at the TTL of the repetition none lies before it.
      std::size_t before = later - 1;
      while (routers[before].ttl == routers[later].ttl) --before;
      const path::SeenHop& last_new = routers[before];
      const HopReference repetition{.ttl = routers[later].ttl, .address = routers[later].address};
      Location location{.place = Place::Path,
                        .last_reached = {.ttl = last_new.ttl, .address = last_new.address},
                        .first_missed = repetition,
                        .suspect = {}};
      return found(Kind::Loop, Confidence::High, location,
                   fmt::format("{} answered at hop {} and again at hop {}.", to_string(*repetition.address),
                               routers[first].ttl.hops, repetition.ttl.hops));
    }
  }
  return std::nullopt;
}

std::optional<Verdict> host_unreachable(const Case& evidence) {
  if (!is_unreachable(evidence) || evidence.is_answered_by_target()) return std::nullopt;
  const auto says_so = [](const path::PortPath& path) {
    const auto answer = path.answer();
    return answer && answer->reply->kind == path::ReplyKind::Unreachable && speaks_of_host(*answer->reply);
  };
  // Silence does not contradict: routers ration their errors.
  const auto contradicts = [&](const path::PortPath& other) {
    const auto router = other.farthest_router();
    const bool goes_on = router && router->ttl > evidence.answer->elicit;
    return goes_on || (other.answer() && !says_so(other));
  };
  if (evidence.echo.answer() || !says_so(evidence.path)) return std::nullopt;
  if (std::any_of(evidence.others.begin(), evidence.others.end(), contradicts)) return std::nullopt;
  return found(
      Kind::Unreachable, evidence.others.empty() ? Confidence::Medium : Confidence::High, where_answer_begins(evidence),
      fmt::format("{}, and no port of the host was answered otherwise: this is about the host or its network, not "
                  "the port.",
                  describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_by_destination(const Case& evidence) {
  if (!is_unreachable(evidence) || !evidence.is_answered_by_target()) return std::nullopt;
  return found(Kind::Rejected, Confidence::High, at_destination(evidence),
               fmt::format("The destination itself sent {}.", describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_on_the_way(const Case& evidence) {
  if (!is_unreachable(evidence)) return std::nullopt;
  const Location location = where_answer_begins(evidence);
  return found(Kind::Rejected, location.suspect ? Confidence::High : Confidence::Medium, location,
               fmt::format("Probes with TTL {} or more drew {}.", evidence.answer->elicit.hops,
                           describe_error(*evidence.answer)));
}

}  // namespace smtpath::verdict
