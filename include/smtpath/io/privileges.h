#pragma once

// Gives up privileges in two steps, for good. A trace opens its outputs and its capture, becomes another user who can
// do nothing but open raw sockets, opens those, and gives up that too. Both steps work on the calling thread: take them
// before any other is started.

#include <string>
#include <string_view>

#include "smtpath/base/result.h"

namespace smtpath::io {

bool has_raw_capability();

/// For an `operation` ("capture on eth0") that the lack of CAP_NET_RAW stopped; says how to give it.
Error missing_raw_capability(std::string_view operation);

/// Root becomes the user `name`, with its groups and CAP_NET_RAW alone. A user with CAP_NET_RAW stays who he is and
/// loses all else. Returns the name of the user in force, whom sockets opened from here on belong to. Errors: no such
/// user; no CAP_NET_RAW.
Result<std::string> assume_user(const std::string& name);

/// No capability in any set, none to be gained by running another program, and no look into our memory by others of the
/// same user. The bounding set needs root: it is empty only if root called assume_user() or this.
Result<Done> drop_all();

}  // namespace smtpath::io
