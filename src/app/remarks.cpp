#include "app/remarks.h"

#include <fmt/format.h>

namespace smtpath::app {

std::optional<std::string> remark_on(const io::CaptureFile& capture) {
  const io::Ending& ending = capture.ending();
  switch (ending.kind) {
    case io::EndingKind::Whole:
      return std::nullopt;
    case io::EndingKind::CutShort:
      return fmt::format("{}: {}; the report tells of what is there", capture.name(), io::describe(ending));
    case io::EndingKind::Damaged:
      return fmt::format("{}: {}; the report tells of what comes before", capture.name(), io::describe(ending));
  }
  return std::nullopt;
}

}  // namespace smtpath::app
