#pragma once

// Sessions that no packets would bring about, for what must hold whatever an observer says.

#include <cstdint>

#include "smtpath/session/session.h"

namespace smtpath::test {

/// The same for the same seed.
session::Session random_session(std::uint64_t seed);

}  // namespace smtpath::test
