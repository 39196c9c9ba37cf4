#include "support/internet_run.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/internet_truth_json.h"

namespace smtpath::test {

namespace {

using nlohmann::json;

Result<Done> read_lines(const std::string& text, InternetRun& run) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    json document = json::parse(line, nullptr, false);
    if (document.is_discarded()) return Error{"not JSON: " + line};
    if (document.at("type") == "target") {
      const auto target = document.at("target").get<std::string>();
      run.reports[target] = std::move(document);
    } else {
      run.summary = std::move(document);
    }
  }
  return Done{};
}

// What passes between this process and those that it starts; the file goes with this object.
class PassedFile {
 public:
  PassedFile() {
    const int file = mkstemp(name_.data());
    if (file >= 0) close(file);
  }
  PassedFile(const PassedFile&) = delete;
  PassedFile& operator=(const PassedFile&) = delete;
  ~PassedFile() {
    std::error_code ignored;
    std::filesystem::remove(name_, ignored);
  }

  const std::string& name() const { return name_; }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() / "smtpath-run-XXXXXX").string();
};

void write_targets(const std::string& name, const std::vector<InternetTarget>& targets) {
  std::ofstream file(name);
  for (const InternetTarget& target : targets) file << to_string(target.address) << '\n';
}

}  // namespace

Result<InternetRun> ask_internet(const InternetLab& lab, const InternetPrograms& programs,
                                 const InternetAsking& asking) {
  const PassedFile peak;
  const PassedFile list;
  std::vector<std::string> argv{programs.peak_memory, peak.name(), programs.smtpath, "trace", "--no-mail"};
  argv.insert(argv.end(), {"--quiet", "-n", "--jsonl", "-"});
  argv.insert(argv.end(), asking.options.begin(), asking.options.end());
  if (asking.targets.size() == 1) {
    argv.push_back(to_string(asking.targets.front().address));
  } else {
    write_targets(list.name(), asking.targets);
    argv.insert(argv.end(), {"--targets", list.name()});
  }

  const auto start = std::chrono::steady_clock::now();
  const auto outcome = lab.run({.argv = std::move(argv), .timeout = asking.timeout});
  if (!outcome) return outcome.error();
  InternetRun run{.status = outcome.value().status,
                  .timed_out = outcome.value().timed_out,
                  .errors = outcome.value().errors,
                  .elapsed = std::chrono::steady_clock::now() - start,
                  .peak_kib = 0,
                  .reports = {},
                  .summary = {}};
  std::ifstream(peak.name()) >> run.peak_kib;
  if (auto read = read_lines(outcome.value().output, run); !read) return read.error();
  return run;
}

InternetGrades grade(const InternetRun& run, const std::vector<InternetTarget>& targets) {
  InternetGrades grades;
  for (const InternetTarget& target : targets) {
    const auto report = run.reports.find(to_string(target.address));
    if (report == run.reports.end()) {
      ++grades.missing;
      grades.failures.push_back("missing " + to_string(target.address));
      continue;
    }
    for (const PortGrade& port : grade_report(target, report->second)) {
      if (port.names_wrong_suspect) ++grades.wrong_suspects;
      const bool is_right = port.grade == Grade::Right;
      const bool is_vague = port.grade == Grade::Vague;
      ++(is_right ? grades.right : is_vague ? grades.vague : grades.wrong);
      if (!is_right) grades.failures.push_back((is_vague ? "vague " : "WRONG ") + port.text);
    }
  }
  return grades;
}

}  // namespace smtpath::test
