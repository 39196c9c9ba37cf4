// Holds what the observer says of real captures against the facts that another program found in them.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "unit/session/captured.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using session::Phase;
using session::Session;
using session::Side;
using Tuple = std::tuple<std::string, int, std::string, int>;

/// Facts in which the observer knows better.
struct Mistake {
  std::string_view file;
  std::vector<int> streams;
  std::string_view key;
  std::string_view why;
};

const std::vector<Mistake>& mistakes() {
  static const std::vector<Mistake> all{
      {"blitz_tcptrace__http.dmp", {49}, "gaps", "the payload of the FIN was captured whole, and truth left it out"},
      {"censoredplanet_CenTrace__94.20.71.165", {22}, "fin_from", "the server's first FIN came first; truth: its last"},
      {"nfstream_nfstream__skype_no_unknown", {10, 24, 31}, "fin_from", "the first FINs count; truth: the last"},
      {"david415_honeybadger-pcap-files__eureka", {0}, "duplicate_frames", "sent again a second later, its ID too"},
      {"ctfs_write-ups-2017__TheGreatEscape", {51}, "duplicate_frames", "every frame came twice, the SYN-ACK too"},
      {"ctfs_write-ups-2017__TheGreatEscape", {51}, "synack_count", "every frame came twice, the SYN-ACK too"},
      {"lgandx_PCredz__old_realistic", {8}, "retransmitted", "numbered before the SYN-ACK: nothing was seen before"},
  };
  return all;
}

/// What truth/ calls the phase of the first reset: "mid" when the connection has payload anywhere (as captured), else
/// by the handshake.
json phase_of(const Session& session, bool has_payload) {
  if (session.resets.empty()) return nullptr;
  const session::Reset& reset = session.resets.front();
  if (reset.phase == Phase::AfterFin) return "after_fin";
  if (reset.phase == Phase::Handshake && session.syn_acks == 0 && reset.from == Side::Server) return "refused";
  if (has_payload) return "mid";
  return session.syn_acks > 0 ? "before_data" : "mid";
}

json fins_of(const Session& session) {
  json fins = json::array();
  if (!session.first_fin) return fins;
  const auto name = [](Side side) { return side == Side::Client ? "client" : "server"; };
  fins.push_back(name(*session.first_fin));
  if (session.streams.of(other(*session.first_fin)).has_finished) fins.push_back(name(other(*session.first_fin)));
  return fins;
}

std::string resets_of(const Session& session) {
  if (session.reset_count.client > 0) return session.reset_count.server > 0 ? "both" : "client";
  return session.reset_count.server > 0 ? "server" : "none";
}

/// The facts of TCP, under the names of truth/.
json facts_of(const Session& session, const json& truth) {
  const auto& [client, server] = session.streams;
  const bool has_payload = truth["client_payload_captured"] > 0 || truth["server_payload_captured"] > 0;
  json facts = {{"syn_seen", session.has_syn()},
                {"syn_count", session.syn_sent},
                {"synack_seen", session.syn_acks > 0},
                {"synack_count", session.syn_acks},
                {"handshake_complete", session.has_syn() && session.is_established},
                {"rst_from", resets_of(session)},
                {"rst_phase", phase_of(session, has_payload)},
                {"fin_from", fins_of(session)},
                {"packets", client.packets + server.packets + client.duplicate_frames + server.duplicate_frames},
                {"duplicate_frames", client.duplicate_frames + server.duplicate_frames},
                {"gaps", client.gaps + server.gaps},
                {"one_sided", client.packets == 0 || server.packets == 0}};
  // Truth counts the payload and the resets of repeated frames, and takes that payload for retransmitted.
  if (client.duplicate_frames + server.duplicate_frames > 0) return facts;
  facts["rst_count"] = session.reset_count.client + session.reset_count.server;
  facts["client_payload"] = client.payload_bytes;
  facts["server_payload"] = server.payload_bytes;
  // It takes keep-alives for retransmissions too.
  const auto repeated = [&](const char* side, const session::Stream& stream) {
    const auto count = truth["retransmitted"][side].get<std::uint32_t>();
    const bool is_true = count >= stream.retransmissions && count <= stream.retransmissions + stream.keep_alives;
    return is_true ? count : stream.retransmissions;
  };
  facts["retransmitted"] = {{"client", repeated("client", client)}, {"server", repeated("server", server)}};
  return facts;
}

/// Truth never ends a connection by silence: adds up what the observer took for several.
Session joined(const std::vector<const Session*>& parts) {
  Session sum = *parts.front();
  for (const Session* const part : std::vector(parts.begin() + 1, parts.end())) {
    sum.syn_acks += part->syn_acks;
    sum.reset_count.client += part->reset_count.client;
    sum.reset_count.server += part->reset_count.server;
    sum.resets.insert(sum.resets.end(), part->resets.begin(), part->resets.end());
    for (const Side side : {Side::Client, Side::Server}) {
      sum.streams.of(side).packets += part->streams.of(side).packets;
      sum.streams.of(side).duplicate_frames += part->streams.of(side).duplicate_frames;
    }
  }
  return sum;
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

  /// The sessions of a capture by their endpoints, in the order of their beginning.
  using Sessions = std::map<Tuple, std::vector<const Session*>>;
  static Sessions sorted(const std::vector<Session>& all) {
    Sessions sessions;
    for (const Session& session : all) sessions[tuple_of(session)].push_back(&session);
    for (auto& [tuple, list] : sessions) {
      std::stable_sort(list.begin(), list.end(),
                       [](const Session* a, const Session* b) { return a->first < b->first; });
    }
    return sessions;
  }

  void compare(const std::string& file, const json& connection, const Session& session) {
    const json facts = facts_of(session, connection);
    for (const auto& [key, value] : facts.items()) {
      if (value == connection[key] || is_mistaken(file, connection["stream"], key)) continue;
      ADD_FAILURE() << file << " " << name_of(connection) << ": " << key << " is " << value << ", the truth is "
                    << connection[key];
      ++wrong_[key];
    }
  }

  bool is_mistaken(const std::string& file, int stream, const std::string& key) {
    for (const Mistake& mistake : mistakes()) {
      if (!file.starts_with(mistake.file) || mistake.key != key) continue;
      if (mistake.streams.empty()) return true;
      if (std::find(mistake.streams.begin(), mistake.streams.end(), stream) != mistake.streams.end()) return true;
    }
    return false;
  }

  std::map<std::string, json> truths_;
  std::map<std::string, int> wrong_;
};

TEST_F(TruthTest, EveryConnectionHasTheFactsOfTheTruthFiles) {
  int compared = 0;
  for (const auto& [path, connections] : truths_) {
    session::Options options;
    std::set<int> servers;
    for (const json& connection : connections) servers.insert(connection["server_port"].get<int>());
    for (const int port : servers) options.mail_ports.push_back(Port{static_cast<std::uint16_t>(port)});
    const Observed seen = observe(path, options);
    Sessions sessions = sorted(seen.sessions);
    const std::string file = std::filesystem::path(path).filename();
    std::map<Tuple, std::size_t> expected;
    for (const json& connection : connections) ++expected[tuple_of(connection)];
    for (const json& connection : connections) {
      ++compared;
      std::vector<const Session*>& left = sessions[tuple_of(connection)];
      std::size_t& expected_left = expected[tuple_of(connection)];
      if (left.empty()) {
        ADD_FAILURE() << file << " " << name_of(connection) << ": not observed";
        ++wrong_["absent"];
        continue;
      }
      std::vector<const Session*> parts{left.front()};
      left.erase(left.begin());
      while (left.size() >= expected_left && !left.front()->has_syn()) {
        parts.push_back(left.front());
        left.erase(left.begin());
      }
      --expected_left;
      compare(file, connection, joined(parts));
    }
  }
  for (const auto& [key, count] : wrong_) std::cout << key << ": " << count << " of " << compared << "\n";
}

}  // namespace
}  // namespace smtpath::test
