#pragma once

// How good a verdict is against the truth of a simulated path. Wrong is what must never happen; vague is honest and
// could be better.

#include <cstdint>

#include "smtpath/verdict/verdict.h"
#include "support/random_path_truth.h"

namespace smtpath::test {

/// From the best to the worst.
enum class Grade : std::uint8_t { Right, Vague, Wrong };

/// Right: a right verdict with the right cause, and the acting hop inside a location no wider than its answering
/// neighbours. Wrong: another verdict or cause, a location without that hop, or one that begins at a router of a branch
/// that such packets never pass. Vague: the rest.
Grade judge_outcome(const PortTruth& truth, const verdict::Verdict& verdict);

/// A right verdict that names a suspect which is not the device that acts, or names one where silence leaves two.
bool names_wrong_suspect(const PortTruth& truth, const verdict::Verdict& verdict);

}  // namespace smtpath::test
