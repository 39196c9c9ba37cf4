#pragma once

// The programs that list this host's firewall rules, run within bounds: by fixed paths, with nothing of ours but the
// language of their messages and an empty standard input, a mebibyte of listing each at most.

#include <string>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/facts/local_rules.h"

namespace smtpath::io {

/// `folders` are where the programs may be; the first that has one counts, and one that is nowhere has no rules.
/// `patience` is for all of them together.
facts::LocalRules ask_rule_tools(std::vector<std::string> folders, Duration patience);

}  // namespace smtpath::io
