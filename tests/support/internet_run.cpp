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

// Where peak_memory leaves its figure.
class PeakFile {
 public:
  PeakFile() {
    const int file = mkstemp(name_.data());
    if (file >= 0) close(file);
  }
  PeakFile(const PeakFile&) = delete;
  PeakFile& operator=(const PeakFile&) = delete;
  ~PeakFile() {
    std::error_code ignored;
    std::filesystem::remove(name_, ignored);
  }

  const std::string& name() const { return name_; }
  std::size_t kib() const {
    std::size_t kib = 0;
    std::ifstream(name_) >> kib;
    return kib;
  }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() / "smtpath-peak-XXXXXX").string();
};

}  // namespace

Result<InternetRun> ask_internet(const InternetLab& lab, const InternetPrograms& programs,
                                 const InternetAsking& asking) {
  const PeakFile peak;
  std::vector<std::string> argv{
      programs.peak_memory, peak.name(), programs.smtpath, "trace", "--no-mail", "--quiet", "-n", "--jsonl", "-"};
  argv.insert(argv.end(), asking.options.begin(), asking.options.end());
  for (const InternetTarget& target : asking.targets) argv.push_back(to_string(target.address));

  const auto start = std::chrono::steady_clock::now();
  const auto outcome = lab.run({.argv = std::move(argv), .timeout = asking.timeout});
  if (!outcome) return outcome.error();
  InternetRun run{.status = outcome.value().status,
                  .timed_out = outcome.value().timed_out,
                  .errors = outcome.value().errors,
                  .elapsed = std::chrono::steady_clock::now() - start,
                  .peak_kib = peak.kib(),
                  .reports = {},
                  .summary = {}};
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
