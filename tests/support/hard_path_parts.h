#pragma once

// What a hard path has beside those of random_path.h. Each part changes the path, and says what it did in a word for
// RandomPath::features. Splits come last: the routers of a branch do as those of the path do.

#include <string>

#include "support/dice.h"
#include "support/network_path.h"

namespace smtpath::test {

/// Nothing happens to mail ports on the way any more, and the server exists.
void clear_mail_policy(NetworkPath& path);
/// It listens on the port and does nothing else to it.
void open_port(NetworkPath& path, Port port);
/// 25, and of the other mail ports none, some or all.
std::vector<Port> some_mail_ports(Dice& dice);
/// Where there is a router at all.
Device& some_router(NetworkPath& path, Dice& dice);

/// One or two places at which the path splits, into two or four, by flow mostly; what routers do is done on every
/// branch.
std::string split(NetworkPath& path, Dice& dice);
/// A block of port 25 on one branch, several or all of them, before or behind them, or none.
std::string block_branches(NetworkPath& path, Dice& dice);

/// A device that forges resets of every form.
std::string forge_resets(NetworkPath& path, Dice& dice);
/// A device that forges ICMP errors beside the host's own answers.
std::string forge_errors(NetworkPath& path, Dice& dice);
/// A transparent proxy or a SYN proxy.
std::string intercept(NetworkPath& path, Dice& dice);

/// SYNs are limited on the way or at the server, queues are full, or a link loses everything for a while.
std::string ration(NetworkPath& path, Dice& dice);

/// Packets are rewritten, or routers are odd.
std::string add_oddity(NetworkPath& path, Dice& dice);

}  // namespace smtpath::test
