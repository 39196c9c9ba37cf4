#pragma once

// Colours for a terminal that wants them (ECMA-48 SGR). They only repeat what words and marks say already.

#include <cstdint>
#include <string>
#include <string_view>

#include "smtpath/report/report.h"

namespace smtpath::report {

enum class Color : std::uint8_t { Plain, Green, Red, Yellow, Faint, Bold };

class Paint {
 public:
  /// Leaves every text as it is unless `wanted`.
  explicit Paint(bool wanted) : wanted_(wanted) {}

  std::string operator()(Color color, std::string_view text) const;

 private:
  bool wanted_;
};

/// Green: open. Red: not usable. Yellow: uncertain. Plain: a control that the server does not offer, which is ordinary.
Color color_of(const PortReport& port);

}  // namespace smtpath::report
