#pragma once

// The seed of the randomised tests, which SMTPATH_TEST_SEED overrides.

#include <cstdint>
#include <cstdlib>
#include <string>

namespace smtpath::test {

inline std::uint64_t first_seed(std::uint64_t usual) {
  const char* chosen = std::getenv("SMTPATH_TEST_SEED");
  return chosen == nullptr ? usual : std::stoull(chosen);
}

}  // namespace smtpath::test
