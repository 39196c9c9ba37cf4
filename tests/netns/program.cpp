#include "netns/program.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "io/command.h"

namespace smtpath::test {

namespace {

io::LabOutcome value_of(const Result<io::LabOutcome>& outcome) {
  if (!outcome) throw std::runtime_error(outcome.error().message);
  if (outcome.value().timed_out) throw std::runtime_error("still running: " + outcome.value().errors);
  return outcome.value();
}

}  // namespace

io::Lab build(const io::LabSpec& spec) {
  auto lab = io::Lab::build(spec);
  if (!lab) throw std::runtime_error(lab.error().message);
  return std::move(lab).value();
}

io::LabOutcome run_in(const io::Lab& lab, std::vector<std::string> argv) {
  return value_of(lab.run_in(0, {.argv = std::move(argv), .timeout = kPatience}));
}

io::LabOutcome run_here(std::vector<std::string> argv) {
  return value_of(io::run_command({.argv = std::move(argv), .timeout = kPatience}));
}

nlohmann::json parse_json(const std::string& text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) throw std::runtime_error("not JSON: \"" + text + "\"");
  return document;
}

const nlohmann::json& port_of(const nlohmann::json& target, int port) {
  const nlohmann::json& ports = target.at("ports");
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const auto& each) { return each.at("port") == port; });
  if (found == ports.end()) throw std::runtime_error("no port " + std::to_string(port) + " in " + target.dump());
  return *found;
}

void wait_until(const std::string& what, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("waited in vain until " + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "smtpath-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("create a folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  if (!is_kept_) std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> Folder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace smtpath::test
