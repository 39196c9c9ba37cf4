#pragma once

// Random cases of issue-like trouble: paths that split, boxes that lie, routers and servers that ration, odd routers.
// Nearly half of them stay plain cases of random_path.h, many of these with splits. The same seed makes the same case.

#include <cstdint>

#include "support/random_path.h"

namespace smtpath::test {

RandomPath hard_path(std::uint64_t seed);

}  // namespace smtpath::test
