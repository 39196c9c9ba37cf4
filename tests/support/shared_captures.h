#pragma once

// The folder of real captures beside the project, which not every machine has: a test that needs it skips with
// kNotHere, and is then counted as left out.

#include <filesystem>
#include <optional>
#include <vector>

namespace smtpath::test {

/// What tools/count_tests.py knows a test by that lacks nothing but these captures.
inline constexpr const char* kNotHere = "the shared captures are not here";

/// SMTPATH_SHARED_CAPTURES in the environment, else ../shared/captures from the sources; none where there is no such
/// folder.
std::optional<std::filesystem::path> shared_captures();

/// The files of one of its folders, in order of their names.
std::vector<std::filesystem::path> captures_in(const std::filesystem::path& folder);

}  // namespace smtpath::test
