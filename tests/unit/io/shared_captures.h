#pragma once

// The folder of real captures beside the project, which not every machine has.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace smtpath::test {

/// SMTPATH_SHARED_CAPTURES, else ../shared/captures from the sources; none where there is no such folder.
std::optional<std::filesystem::path> shared_captures();

/// The files of one of its folders, in order of their names.
std::vector<std::filesystem::path> captures_in(const std::filesystem::path& folder);

}  // namespace smtpath::test
