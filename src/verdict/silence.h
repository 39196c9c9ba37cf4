#pragma once

// Rules for silence, which proves least. See rules.h.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> silence_while_capture_lost(const Case& evidence);
std::optional<Verdict> silence_beside_rejection(const Case& evidence);
std::optional<Verdict> silence(const Case& evidence);

}  // namespace smtpath::verdict
