#include "netns/measured.h"

#include <fstream>
#include <functional>

namespace smtpath::test {

namespace {

Measured measure(const std::vector<std::string>& arguments,
                 const std::function<io::LabOutcome(std::vector<std::string>)>& run) {
  constexpr double kKibInMib = 1024;
  const Folder folder;
  std::vector<std::string> argv{SMTPATH_PEAK_MEMORY, folder.file("peak"), kProgram};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  io::LabOutcome outcome = run(std::move(argv));
  Measured measured{.status = outcome.status,
                    .errors = std::move(outcome.errors),
                    .text = std::move(outcome.output),
                    .report = {},
                    .peak_mib = 0};
  measured.report = parse_json(measured.text);
  std::ifstream(folder.file("peak")) >> measured.peak_mib;
  measured.peak_mib /= kKibInMib;
  return measured;
}

}  // namespace

Measured measure_in(const io::Lab& lab, const std::vector<std::string>& arguments) {
  return measure(arguments, [&](std::vector<std::string> argv) { return run_in(lab, std::move(argv)); });
}

Measured measure_here(const std::vector<std::string>& arguments) {
  return measure(arguments, [](std::vector<std::string> argv) { return run_here(std::move(argv)); });
}

}  // namespace smtpath::test
