#include "report/digest_rows.h"

#include <algorithm>
#include <tuple>

namespace smtpath::report {

namespace {

constexpr std::size_t kMostRows = 4096;

void count(PortRow& row, const ConnectionReport& connection) {
  const session::Session& session = connection.session;
  row.tally.add(session, connection.verdict);
  if (session.handshake) row.handshakes.add(*session.handshake);
  for (const session::Stream* stream : {&session.streams.client, &session.streams.server}) {
    row.packets += stream->packets;
    row.retransmissions += stream->retransmissions;
  }
}

}  // namespace

void DigestRows::add(const ConnectionReport& connection) {
  const auto& [address, port] = connection.session.server;
  const auto server = rows_.find(address);
  const bool is_known = server != rows_.end() && server->second.contains(port);
  if (!is_known && count_ >= kMostRows) return count(others_, connection);
  if (!is_known) ++count_;
  count(rows_[address].try_emplace(port, port).first->second, connection);
}

std::vector<ServerRows> DigestRows::servers() const {
  std::vector<ServerRows> servers;
  for (const auto& [address, ports] : rows_) {
    ServerRows server{.server = address, .ports = {}};
    for (const auto& [port, row] : ports) {
      server.ports.push_back(&row);
      server.connections += row.tally.connections;
      server.failed += row.tally.failed;
    }
    servers.push_back(std::move(server));
  }
  const auto rank = [](const ServerRows& server) {
    return std::tuple(~server.failed, ~server.connections, server.server);
  };
  std::sort(servers.begin(), servers.end(),
            [&](const ServerRows& a, const ServerRows& b) { return rank(a) < rank(b); });
  return servers;
}

}  // namespace smtpath::report
