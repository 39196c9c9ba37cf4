#pragma once

// The rules, strongest evidence first. Each looks at one case and either decides it or passes; the first that decides
// wins. docs/verdicts.md tells the same in the same order.

#include <optional>
#include <span>
#include <string_view>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

struct Rule {
  /// As evidence names it.
  std::string_view name;
  /// The verdict without the evidence's rule name, which is the caller's to add; nothing: it does not apply.
  std::optional<Verdict> (*decide)(const Case& evidence);
};

std::span<const Rule> rules();

}  // namespace smtpath::verdict
