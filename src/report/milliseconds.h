#pragma once

// Durations as a person reads them.

#include <string>

#include "smtpath/base/time.h"

namespace smtpath::report {

/// In milliseconds, to two or three figures: "0.034", "1.2", "35.1", "127".
std::string milliseconds_of(Duration duration);

}  // namespace smtpath::report
