#include "support/shared_captures.h"

#include <algorithm>
#include <cstdlib>

namespace smtpath::test {

std::optional<std::filesystem::path> shared_captures() {
  const char* named = std::getenv("SMTPATH_SHARED_CAPTURES");
  const std::filesystem::path folder = named != nullptr ? named : SMTPATH_SHARED_CAPTURES;
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return folder;
}

std::vector<std::filesystem::path> captures_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace smtpath::test
