#pragma once

// What answers on a node's open ports: it greets as a mail server, reads and forgets, and closes when its peer does.

#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

/// Listens for IPv4 and IPv6 on every address of the node.
Result<std::vector<FileDescriptor>> listen_on(const std::vector<Port>& ports);

/// Returns when `stop` hangs up.
void greet(const std::vector<FileDescriptor>& listeners, int stop);

}  // namespace smtpath::io
