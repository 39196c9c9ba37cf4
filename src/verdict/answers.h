#pragma once

// Rules for answers in the destination's name: who gives them, as far as the distance tells. See rules.h.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> translated_on_the_way(const Case& evidence);
std::optional<Verdict> answered_short_of_destination(const Case& evidence);
std::optional<Verdict> answer_travelled_one_hop_less(const Case& evidence);
std::optional<Verdict> answered_beyond_destination(const Case& evidence);
std::optional<Verdict> answers_disagree(const Case& evidence);
std::optional<Verdict> accepted_by_destination(const Case& evidence);
std::optional<Verdict> refused_by_destination(const Case& evidence);
std::optional<Verdict> answer_without_probe(const Case& evidence);

}  // namespace smtpath::verdict
