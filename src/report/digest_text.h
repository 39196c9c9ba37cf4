#pragma once

// The text of an analysis, from what a digest has counted.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "report/digest_rows.h"
#include "report/failures.h"
#include "smtpath/report/digest.h"
#include "smtpath/report/text.h"

namespace smtpath::report {

/// Views a digest.
struct DigestContents {
  const std::vector<FileReport>& files;
  const DigestRows& rows;
  const Failures& failing;
  std::uint64_t connections = 0;
  std::uint64_t failures = 0;
  std::uint64_t probes = 0;
  /// Long lists are not folded.
  bool has_all = false;
};

void write_digest(const DigestContents& contents, const TextStyle& style,
                  const std::function<void(std::string_view)>& sink);

}  // namespace smtpath::report
