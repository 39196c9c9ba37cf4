#include "support/random_path_grade.h"

#include <algorithm>
#include <optional>

namespace smtpath::test {

using verdict::Kind;

namespace {

bool names(const std::optional<verdict::HopReference>& hop, const std::vector<IpAddress>& addresses) {
  return hop && hop->address && std::find(addresses.begin(), addresses.end(), *hop->address) != addresses.end();
}

bool is_same_verdict(const RightVerdict& right, const verdict::Verdict& verdict) {
  return right.kind == verdict.kind && (!right.cause || right.cause == verdict.cause);
}

Grade grade_against(const RightVerdict& right, const verdict::Verdict& verdict) {
  if (right.kind == Kind::Open || right.is_anywhere) return Grade::Right;
  if (!verdict.location) return Grade::Vague;
  const int begin = verdict.location->last_reached.ttl.hops;
  std::optional<int> end;
  if (verdict.location->first_missed) end = verdict.location->first_missed->ttl.hops;
  if (right.acting < begin || (end && *end < right.acting)) return Grade::Wrong;
  if (names(verdict.location->last_reached, right.not_passed)) return Grade::Wrong;
  const bool is_wider_before = begin < right.answering_before;
  const bool is_wider_beyond = right.answering_beyond && (!end || *end > *right.answering_beyond);
  const bool is_other_branch = names(verdict.location->first_missed, right.not_passed);
  return is_wider_before || is_wider_beyond || is_other_branch ? Grade::Vague : Grade::Right;
}

bool is_wrong_suspect(const RightVerdict& right, const verdict::Verdict& verdict) {
  if (right.is_anywhere) return false;
  if (verdict.kind == Kind::Dropped || right.is_beside_path) return true;
  if (names(verdict.location->suspect, right.not_passed)) return true;
  return verdict.location->suspect->ttl.hops != right.acting;
}

}  // namespace

Grade judge_outcome(const PortTruth& truth, const verdict::Verdict& verdict) {
  if (verdict.kind == Kind::Inconclusive) return Grade::Vague;
  Grade best = Grade::Wrong;
  for (const RightVerdict& right : truth.right) {
    if (is_same_verdict(right, verdict)) best = std::min(best, grade_against(right, verdict));
  }
  return best;
}

bool names_wrong_suspect(const PortTruth& truth, const verdict::Verdict& verdict) {
  if (!verdict.location || !verdict.location->suspect) return false;
  const auto is_same_kind = [&](const RightVerdict& right) { return is_same_verdict(right, verdict); };
  const auto is_right = [&](const RightVerdict& right) {
    return is_same_kind(right) && !is_wrong_suspect(right, verdict);
  };
  return std::any_of(truth.right.begin(), truth.right.end(), is_same_kind) &&
         std::none_of(truth.right.begin(), truth.right.end(), is_right);
}

}  // namespace smtpath::test
