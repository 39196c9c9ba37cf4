#include "unit/session/truth.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/shared_captures.h"

namespace smtpath::test {

using nlohmann::json;
using session::Session;

namespace {

std::string capture_of(const std::string& name) {
  for (const std::string folder : {"/smtp/", "/other/"}) {
    const std::string path = shared_captures()->string() + folder + name;
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

std::string name_of(const json& connection) {
  return connection["client"].get<std::string>() + ":" + std::to_string(connection["client_port"].get<int>()) + ">" +
         std::to_string(connection["server_port"].get<int>()) + " #" + std::to_string(connection["stream"].get<int>());
}

bool is_mistaken(const std::string& file, int stream, const std::string& key, const std::vector<Mistake>& mistakes) {
  return std::any_of(mistakes.begin(), mistakes.end(), [&](const Mistake& mistake) {
    const std::vector<int>& streams = mistake.streams;
    return file.starts_with(mistake.file) && mistake.key == key &&
           (streams.empty() || std::find(streams.begin(), streams.end(), stream) != streams.end());
  });
}

}  // namespace

Tuple tuple_of(const json& connection) {
  return {connection["client"], connection["client_port"], connection["server"], connection["server_port"]};
}

Tuple tuple_of(const Session& session) {
  return {to_string(session.client.address), session.client.port.number, to_string(session.server.address),
          session.server.port.number};
}

Sessions sorted(const std::vector<Session>& all) {
  Sessions sessions;
  for (const Session& session : all) sessions[tuple_of(session)].push_back(&session);
  for (auto& [tuple, list] : sessions) {
    std::stable_sort(list.begin(), list.end(), [](const Session* a, const Session* b) { return a->first < b->first; });
  }
  return sessions;
}

void TruthTest::SetUp() {
  if (!shared_captures()) GTEST_SKIP() << kNotHere;
  for (const auto& file : std::filesystem::directory_iterator(shared_captures()->string() + "/truth")) {
    const json truth = json::parse(std::ifstream(file.path()));
    if (truth.contains("connections")) truths_[capture_of(truth["file"])] = truth["connections"];
  }
  ASSERT_FALSE(truths_.empty());
  std::ifstream index(shared_captures()->string() + "/INDEX.tsv");
  constexpr int kAmbiguous = 6;
  for (std::string line; std::getline(index, line);) {
    std::istringstream fields(line);
    std::string file;
    std::getline(fields, file, '\t');
    std::string field;
    for (int column = 1; column <= kAmbiguous; ++column) std::getline(fields, field, '\t');
    if (field == "yes") ambiguous_.push_back(shared_captures()->string() + "/" + file);
  }
}

bool TruthTest::is_ambiguous(const std::string& path) const {
  return std::find(ambiguous_.begin(), ambiguous_.end(), path) != ambiguous_.end();
}

void TruthTest::compare(const std::string& path, const json& connection, const json& facts,
                        const std::vector<Mistake>& mistakes) {
  const std::string file = std::filesystem::path(path).filename();
  for (const auto& [key, value] : facts.items()) {
    if (value == connection[key] || is_mistaken(file, connection["stream"], key, mistakes)) continue;
    ADD_FAILURE() << file << " " << name_of(connection) << ": " << key << " is " << value << ", the truth is "
                  << connection[key];
  }
}

}  // namespace smtpath::test
