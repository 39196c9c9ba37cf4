#pragma once

// The words for a block that several targets share.

#include <string>

#include "smtpath/verdict/common_blocks.h"

namespace smtpath::report {

/// "Port 25 ends after hop 2 (10.9.0.1) for all 4 hosts (4 networks); 587 passes: this is the network's outgoing
/// policy, not the servers'." No surer than the block's confidence.
std::string sentence_on(const verdict::CommonBlock& block);

}  // namespace smtpath::report
