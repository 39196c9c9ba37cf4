#pragma once

// Rules for what happens on this host, before a probe leaves it or after its answer came back. See rules.h.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> mail_has_no_route(const Case& evidence);
std::optional<Verdict> answered_by_this_host(const Case& evidence);
std::optional<Verdict> mail_takes_another_way(const Case& evidence);
std::optional<Verdict> send_refused(const Case& evidence);
std::optional<Verdict> redirected_on_this_host(const Case& evidence);
std::optional<Verdict> never_left_this_host(const Case& evidence);
std::optional<Verdict> stopped_on_arrival(const Case& evidence);
std::optional<Verdict> stopped_by_the_reverse_path_filter(const Case& evidence);

}  // namespace smtpath::verdict
