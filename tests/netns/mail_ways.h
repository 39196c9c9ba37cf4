#pragma once

// What can be wrong on the way to a mail server once its port is open: rules at the first router of mail_network(),
// each for one healthy server ("way-N").

#include <string>

#include "smtpath/io/lab_spec.h"

namespace smtpath::test {

/// A reset to the client, in the server's name, at its first words that begin with EHLO.
io::LabRule reset_at_ehlo(const std::string& server);
/// Packets of more than so many bytes vanish: those to the client (of IPv6 none that every way has to carry), those to
/// the server.
io::LabRule drop_large_from(const std::string& server, int bytes);
io::LabRule drop_large_to(const std::string& server, int bytes);
/// IPv4: the router has no room for such packets in the path to the client or to the server, and says so by ICMP.
io::LabScript narrow_from(const std::string& server, int mtu);
io::LabScript narrow_to(const std::string& server, int mtu);

}  // namespace smtpath::test
