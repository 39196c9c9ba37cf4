#pragma once

// Runs tshark, an independent decoder, over packets that a test built.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "support/packets.h"

namespace smtpath::test {

/// Field to value, in decimal; where a packet quotes another one, the quoted value follows behind a comma. Without the
/// fields that a packet does not have.
using Facts = std::map<std::string, std::string>;

/// Of raw IP packets, one entry each; empty when tshark cannot be run.
std::vector<Facts> read_with_tshark(const std::vector<Bytes>& packets, std::span<const char* const> fields);

}  // namespace smtpath::test
