#pragma once

// Rules for what routers say themselves: errors, and time exceeded in a circle. See rules.h.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> routers_repeat(const Case& evidence);
std::optional<Verdict> host_unreachable(const Case& evidence);
std::optional<Verdict> rejected_like_the_echo(const Case& evidence);
std::optional<Verdict> rejected_by_destination(const Case& evidence);
std::optional<Verdict> rejected_on_the_way(const Case& evidence);

}  // namespace smtpath::verdict
