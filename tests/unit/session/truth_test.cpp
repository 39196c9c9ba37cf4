// Holds what the observer says of real captures against the facts that another program found in them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "unit/session/captured.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using session::Both;
using session::Phase;
using session::Session;
using session::Side;
using Tuple = std::tuple<std::string, int, std::string, int>;

/// What truth/ calls the phase of the first reset.
json phase_of(const Session& session) {
  if (session.resets.empty()) return nullptr;
  const session::Reset& reset = session.resets.front();
  switch (reset.phase) {
    case Phase::Handshake:
      if (session.syn_acks > 0) return "before_data";
      return reset.from == Side::Server ? "refused" : "mid";
    case Phase::BeforeData:
      return "before_data";
    case Phase::Mid:
      return "mid";
    case Phase::AfterFin:
      return "after_fin";
  }
  return nullptr;
}

json pair_of(const Both<session::Stream>& streams, std::uint32_t session::Stream::*field) {
  return {{"client", streams.client.*field}, {"server", streams.server.*field}};
}

/// The facts of TCP, under the names of truth/.
json facts_of(const Session& session) {
  const auto& [client, server] = session.streams;
  json fin = json::array();
  if (session.first_fin) {
    fin.push_back(*session.first_fin == Side::Client ? "client" : "server");
    if (session.streams.of(other(*session.first_fin)).has_finished) {
      fin.push_back(*session.first_fin == Side::Client ? "server" : "client");
    }
  }
  const bool by_client = session.reset_count.client > 0;
  const bool by_server = session.reset_count.server > 0;
  return {{"syn_seen", session.has_syn()},
          {"syn_count", session.syn_sent},
          {"synack_seen", session.syn_acks > 0},
          {"synack_count", session.syn_acks},
          {"handshake_complete", session.has_syn() && session.is_established},
          {"rst_from", by_client ? (by_server ? "both" : "client") : (by_server ? "server" : "none")},
          {"rst_count", session.reset_count.client + session.reset_count.server},
          {"rst_phase", phase_of(session)},
          {"fin_from", fin},
          {"client_payload", client.payload_bytes},
          {"server_payload", server.payload_bytes},
          {"packets", client.packets + server.packets + client.duplicate_frames + server.duplicate_frames},
          {"retransmitted", pair_of(session.streams, &session::Stream::retransmissions)},
          {"duplicate_frames", client.duplicate_frames + server.duplicate_frames},
          {"gaps", client.gaps + server.gaps},
          {"one_sided", client.packets == 0 || server.packets == 0}};
}

Tuple tuple_of(const json& connection) {
  return {connection["client"], connection["client_port"], connection["server"], connection["server_port"]};
}

Tuple tuple_of(const Session& session) {
  return {to_string(session.client.address), session.client.port.number, to_string(session.server.address),
          session.server.port.number};
}

std::string name_of(const json& connection) {
  return connection["client"].get<std::string>() + ":" + std::to_string(connection["client_port"].get<int>()) + ">" +
         std::to_string(connection["server_port"].get<int>()) + " #" + std::to_string(connection["stream"].get<int>());
}

class TruthTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!shared_captures()) GTEST_SKIP() << "the shared captures are not here";
    for (const auto& file : std::filesystem::directory_iterator(*shared_captures() + "/truth")) {
      const json truth = json::parse(std::ifstream(file.path()));
      if (truth.contains("connections")) truths_[capture_of(truth["file"])] = truth["connections"];
    }
    ASSERT_FALSE(truths_.empty());
  }

  static std::string capture_of(const std::string& name) {
    for (const std::string folder : {"/smtp/", "/other/"}) {
      const std::string path = *shared_captures() + folder + name;
      if (std::filesystem::exists(path)) return path;
    }
    return {};
  }

  std::map<std::string, json> truths_;
};

TEST_F(TruthTest, EveryConnectionHasTheFactsOfTheTruthFiles) {
  std::map<std::string, int> wrong;
  int compared = 0;
  for (const auto& [file, connections] : truths_) {
    session::Options options;
    std::set<int> servers;
    for (const json& connection : connections) servers.insert(connection["server_port"].get<int>());
    for (const int port : servers) options.mail_ports.push_back(Port{static_cast<std::uint16_t>(port)});
    const Observed seen = observe(file, options);
    std::map<Tuple, std::vector<const Session*>> sessions;
    for (const Session& session : seen.sessions) sessions[tuple_of(session)].push_back(&session);
    for (auto& [tuple, list] : sessions) {
      std::stable_sort(list.begin(), list.end(),
                       [](const Session* a, const Session* b) { return a->first < b->first; });
    }
    const std::string name = std::filesystem::path(file).filename();
    std::map<Tuple, std::size_t> taken;
    for (const json& connection : connections) {
      ++compared;
      const Tuple tuple = tuple_of(connection);
      const std::size_t index = taken[tuple]++;
      if (sessions[tuple].size() <= index) {
        ADD_FAILURE() << name << " " << name_of(connection) << ": not observed";
        ++wrong["absent"];
        continue;
      }
      const json facts = facts_of(*sessions[tuple][index]);
      for (const auto& [key, value] : facts.items()) {
        if (value == connection[key]) continue;
        ADD_FAILURE() << name << " " << name_of(connection) << ": " << key << " is " << value << ", the truth is "
                      << connection[key];
        ++wrong[key];
      }
    }
    for (const auto& [tuple, list] : sessions) {
      if (list.size() <= taken[tuple]) continue;
      wrong["unknown"] += static_cast<int>(list.size() - taken[tuple]);
      ADD_FAILURE() << name << " " << list.back()->client.port.number << ">" << list.back()->server.port.number
                    << ": observed " << list.size() << " times, the truth is " << taken[tuple];
    }
  }
  for (const auto& [key, count] : wrong) std::cout << key << ": " << count << " of " << compared << "\n";
}

}  // namespace
}  // namespace smtpath::test
