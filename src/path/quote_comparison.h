#pragma once

// Holds the quote of an ICMP error against the probe as it left.

#include <vector>

#include "smtpath/path/quote_change.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

SentHeader header_of(const wire::Packet& packet);

QuoteDepth depth_of(const wire::Quote& quote);

/// In the order of QuotedField; fields beyond the end of the quote are not compared.
std::vector<QuoteChange> changes_in(const wire::Quote& quote, const SentHeader& sent);

}  // namespace smtpath::path
