#include "support/random_path_grade.h"

#include <algorithm>
#include <optional>

namespace smtpath::test {

using verdict::Kind;

namespace {

const RightVerdict* matching(const PortTruth& truth, Kind kind) {
  const auto found = std::find_if(truth.right.begin(), truth.right.end(),
                                  [&](const RightVerdict& right) { return right.kind == kind; });
  return found == truth.right.end() ? nullptr : &*found;
}

}  // namespace

Grade judge_outcome(const PortTruth& truth, const verdict::Verdict& verdict) {
  if (verdict.kind == Kind::Inconclusive) return Grade::Vague;
  const RightVerdict* const right = matching(truth, verdict.kind);
  if (right == nullptr) return Grade::Wrong;
  if (right->kind == Kind::Open) return Grade::Right;
  if (!verdict.location) return Grade::Vague;

  const int begin = verdict.location->last_reached.ttl.hops;
  std::optional<int> end;
  if (verdict.location->first_missed) end = verdict.location->first_missed->ttl.hops;
  if (right->acting < begin || (end && *end < right->acting)) return Grade::Wrong;
  const bool is_wider_before = begin < right->answering_before;
  const bool is_wider_beyond = right->answering_beyond && (!end || *end > *right->answering_beyond);
  return is_wider_before || is_wider_beyond ? Grade::Vague : Grade::Right;
}

bool names_wrong_suspect(const PortTruth& truth, const verdict::Verdict& verdict) {
  const RightVerdict* const right = matching(truth, verdict.kind);
  if (right == nullptr || !verdict.location || !verdict.location->suspect) return false;
  return verdict.kind == Kind::Dropped || verdict.location->suspect->ttl.hops != right->acting;
}

}  // namespace smtpath::test
