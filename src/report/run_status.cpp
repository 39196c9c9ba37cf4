#include "smtpath/report/run_status.h"

#include <algorithm>

namespace smtpath::report {

namespace {

constexpr int kUsable = 0;
constexpr int kNotUsable = 1;
constexpr int kNotKnown = 2;
constexpr int kNoHost = 68;

static_assert(kVerdictsBestFirst.size() == static_cast<std::size_t>(verdict::Kind::Inconclusive) + 1);

auto badness_of(verdict::Kind kind) {
  return std::find(kVerdictsBestFirst.begin(), kVerdictsBestFirst.end(), kind);
}

bool is_unresolved(const TargetReport& target) {
  if (!target.error) return false;
  switch (target.error->kind) {
    case facts::TargetErrorKind::UnknownHost:
    case facts::TargetErrorKind::NoAddress:
    case facts::TargetErrorKind::ResolverFailure:
      return true;
    case facts::TargetErrorKind::NotUnicast:
    case facts::TargetErrorKind::NoRoute:
      return false;
  }
  return false;
}

int status_of(const TargetReport& target) {
  if (target.error && target.error->kind == facts::TargetErrorKind::NoRoute) return kNotUsable;
  const auto worst = worst_verdict_of(target);
  if (!worst || worst == verdict::Kind::Inconclusive) return kNotKnown;
  return worst == verdict::Kind::Open ? kUsable : kNotUsable;
}

}  // namespace

std::optional<verdict::Kind> worst_verdict_of(const TargetReport& target) {
  std::optional<verdict::Kind> worst;
  for (const PortReport& port : target.ports) {
    if (port.role != path::Role::Subject) continue;
    if (!worst || badness_of(port.verdict.kind) > badness_of(*worst)) worst = port.verdict.kind;
  }
  return worst;
}

int exit_status_of(const RunReport& run) {
  if (std::all_of(run.targets.begin(), run.targets.end(), is_unresolved)) return kNoHost;
  const auto any_has = [&](int status) {
    return std::any_of(run.targets.begin(), run.targets.end(),
                       [&](const TargetReport& target) { return status_of(target) == status; });
  };
  if (any_has(kNotUsable)) return kNotUsable;
  return any_has(kNotKnown) ? kNotKnown : kUsable;
}

}  // namespace smtpath::report
