#pragma once

// The network that the program is disturbed in, and what it may still say there.

#include <nlohmann/json.hpp>

#include "smtpath/io/lab_spec.h"

namespace smtpath::test {

/// 25 vanishes behind router 4, 465 is rejected by router 2, 587 is open, 2525 closed.
io::LabSpec disturbed_network();

/// Each port is what it is in peace, or unknown because the capture lost what might have told.
void expect_same_or_unknown(const nlohmann::json& disturbed, const nlohmann::json& peaceful);

std::size_t count_inconclusive(const nlohmann::json& target);

}  // namespace smtpath::test
