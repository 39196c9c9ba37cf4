#pragma once

// What the text of an analysis counts by server and port: bounded, and in an order that does not depend on chance.

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "report/round_trips.h"
#include "smtpath/base/address.h"
#include "smtpath/report/connection.h"
#include "smtpath/verdict/pattern.h"

namespace smtpath::report {

/// All connections to one port of one server.
struct PortRow {
  explicit PortRow(Port port = {}) : tally(port) {}

  verdict::PortTally tally;
  RoundTrips handshakes;
  std::uint64_t packets = 0;
  std::uint64_t retransmissions = 0;
};

struct ServerRows {
  IpAddress server;
  /// By port.
  std::vector<const PortRow*> ports;
  std::uint64_t connections = 0;
  std::uint64_t failed = 0;
};

class DigestRows {
 public:
  void add(const ConnectionReport& connection);

  /// The most failures first, then the most connections, then by address.
  std::vector<ServerRows> servers() const;

  /// Connections of servers and ports that came when the rows were full already, all together.
  const PortRow& others() const { return others_; }

 private:
  std::map<IpAddress, std::map<Port, PortRow>> rows_;
  std::size_t count_ = 0;
  PortRow others_;
};

}  // namespace smtpath::report
