#pragma once

// What a whole run amounts to: the worst verdict of a target and the exit status of `smtpath trace`. Only the subjects
// count: hardly any mail exchanger offers all of the controls, and a healthy one is not a failure.

#include <array>
#include <optional>

#include "smtpath/report/report.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::report {

/// Every verdict; the later one of two tells of more trouble.
inline constexpr std::array kVerdictsBestFirst{
    verdict::Kind::Open,     verdict::Kind::Inconclusive, verdict::Kind::Intermittent,  verdict::Kind::Refused,
    verdict::Kind::Rejected, verdict::Kind::Dropped,      verdict::Kind::ResetInjected, verdict::Kind::Intercepted,
    verdict::Kind::Loop,     verdict::Kind::Unreachable,  verdict::Kind::NoRoute,
};

/// Of the subjects; absent when the target could not be tried.
std::optional<verdict::Kind> worst_verdict_of(const TargetReport& target);

/// 0: every subject is open. 1: at least one is known not to be. 2: otherwise. 68: no target has an address.
int exit_status_of(const RunReport& run);

}  // namespace smtpath::report
