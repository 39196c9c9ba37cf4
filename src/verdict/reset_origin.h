#pragma once

// Whose a reset is: the peer's own, or forged on the way in its name. A forged one bears the peer's address, so only
// its other marks tell, compared with the packets that the peer surely sent (docs/outcomes.md, "Resets").

#include <optional>
#include <string>
#include <vector>

#include "smtpath/session/session.h"
#include "smtpath/verdict/outcome.h"

namespace smtpath::verdict {

struct ResetOrigin {
  const session::Reset* reset = nullptr;
  ResetBy by = ResetBy::Server;
  /// Clauses without full stops: what shows that it was forged, or what makes one doubt.
  std::vector<std::string> signs;

  bool is_forged() const { return by == ResetBy::Path; }
};

/// Of one of the session's resets.
ResetOrigin origin_of(const session::Reset& reset, const session::Session& session);

/// The reset that ended the connection: the first before any FIN whose receiver did not go on as if nothing had been.
std::optional<ResetOrigin> decisive_reset(const session::Session& session);

}  // namespace smtpath::verdict
