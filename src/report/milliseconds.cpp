#include "report/milliseconds.h"

#include <fmt/format.h>

namespace smtpath::report {

std::string milliseconds_of(Duration duration) {
  const double milliseconds = to_milliseconds(duration);
  const int decimals = milliseconds < 0.1 ? 3 : milliseconds < 1 ? 2 : milliseconds < 100 ? 1 : 0;
  return fmt::format("{:.{}f}", milliseconds, decimals);
}

}  // namespace smtpath::report
