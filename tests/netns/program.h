#pragma once

// The built program, run in a lab's client or on this host, and what the tests share around it.

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "smtpath/io/lab.h"

namespace smtpath::test {

inline const std::string kProgram = SMTPATH_PROGRAM;

/// Stop a test that hangs; nothing is measured by it.
inline constexpr std::chrono::minutes kPatience{2};

/// The exception's message is the reason.
io::Lab build(const io::LabSpec& spec);

/// Each runs to its end, output and errors kept. Throws when the command cannot be started or does not end.
io::LabOutcome run_in(const io::Lab& lab, std::vector<std::string> argv);
io::LabOutcome run_here(std::vector<std::string> argv);

/// The text of a JSON document. Throws on any other text, and shows it.
nlohmann::json parse_json(const std::string& text);

/// Of an address's report.
const nlohmann::json& port_of(const nlohmann::json& target, int port);

/// Waits until `holds`. Throws, naming `what`, when that takes as long as no test may.
void wait_until(const std::string& what, const std::function<bool()>& holds);

std::string content_of(const std::filesystem::path& file);

/// A new folder that goes with its owner, files in it too.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  /// Leaves the folder behind, for a person to look into.
  void keep() { is_kept_ = true; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::vector<std::string> files() const;

 private:
  std::filesystem::path path_;
  bool is_kept_ = false;
};

}  // namespace smtpath::test
