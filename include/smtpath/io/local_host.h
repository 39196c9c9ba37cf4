#pragma once

// Finds out what on this host itself can stop mail, for the network that the calling thread is in.

#include "smtpath/facts/local_host.h"

namespace smtpath::io {

/// Call it before privileges go; see read_local_rules().
facts::LocalHost read_local_host();

}  // namespace smtpath::io
