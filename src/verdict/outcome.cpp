#include "smtpath/verdict/outcome.h"

namespace smtpath::verdict {

SessionVerdict diagnose(const session::Session&) {
  return {};
}

}  // namespace smtpath::verdict
