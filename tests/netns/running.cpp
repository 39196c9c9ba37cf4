#include "netns/running.h"

#include <csignal>
#include <sstream>

namespace smtpath::test {

Running::Running(const io::Lab& lab, const std::vector<std::string>& arguments, const Surroundings& surroundings)
    : outcome_(std::async(std::launch::async,
                          [&lab, argv = command(arguments, surroundings)] { return run_in(lab, argv); })) {
  await_id();
}

Running::Running(const std::vector<std::string>& arguments)
    : outcome_(std::async(std::launch::async, [argv = command(arguments, {})] { return run_here(argv); })) {
  await_id();
}

void Running::signal(int number) const {
  kill(id_, number);
}

std::map<std::string, std::string> Running::status() const {
  std::map<std::string, std::string> fields;
  std::istringstream lines(content_of("/proc/" + std::to_string(id_) + "/status"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(line.find(':') + 1));
    std::string& value = fields[line.substr(0, line.find(':'))];
    for (std::string word; words >> word;) value += (value.empty() ? "" : " ") + word;
  }
  return fields;
}

std::vector<int> Running::children() const {
  std::vector<int> ids;
  const std::string tasks = "/proc/" + std::to_string(id_) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::istringstream words(content_of(task.path() / "children"));
    for (int id = 0; words >> id;) ids.push_back(id);
  }
  return ids;
}

// A process keeps its number when a program takes the shell's place.
std::vector<std::string> Running::command(const std::vector<std::string>& arguments,
                                          const Surroundings& surroundings) const {
  const std::string file = folder_.file("id");
  const std::string script =
      surroundings.setup + "echo $$ >" + file + ".new; mv " + file + ".new " + file + "; exec \"$0\" \"$@\"";
  std::vector<std::string> argv = surroundings.wrapper;
  argv.insert(argv.end(), {"sh", "-c", script, kProgram});
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

void Running::await_id() {
  const std::string file = folder_.file("id");
  wait_until("the program starts", [&] { return std::filesystem::exists(file); });
  id_ = std::stoi(content_of(file));
}

}  // namespace smtpath::test
