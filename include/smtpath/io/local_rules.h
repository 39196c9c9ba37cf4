#pragma once

// Asks nft, iptables-save and ip6tables-save for this host's firewall rules. Only root gets an answer from them: call
// it before privileges go.

#include "smtpath/facts/local_rules.h"

namespace smtpath::io {

/// Takes a second at most, whatever those programs do; then, and when one of them fails, what could be read is not
/// complete. It starts processes: call it before there are other threads.
facts::LocalRules read_local_rules();

}  // namespace smtpath::io
