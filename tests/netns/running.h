#pragma once

// The program while it runs: what the kernel says of it, and signals to it.

#include <future>
#include <map>
#include <string>
#include <vector>

#include "netns/program.h"

namespace smtpath::test {

/// What comes before the program.
struct Surroundings {
  /// A command that runs another one in its place.
  std::vector<std::string> wrapper{};
  /// Shell, inside that: "mount …; ".
  std::string setup{};
};

class Running {
 public:
  /// In the client of the lab, which outlives it.
  Running(const io::Lab& lab, const std::vector<std::string>& arguments, const Surroundings& surroundings = {});
  /// On this host.
  explicit Running(const std::vector<std::string>& arguments);

  int id() const { return id_; }
  void signal(int number) const;
  /// The fields of /proc/PID/status, words apart by one space each.
  std::map<std::string, std::string> status() const;
  /// Of the whole process.
  std::vector<int> children() const;

  /// Waits for its end.
  io::LabOutcome outcome() { return outcome_.get(); }

 private:
  std::vector<std::string> command(const std::vector<std::string>& arguments, const Surroundings& surroundings) const;
  void await_id();

  Folder folder_;
  int id_ = 0;
  std::future<io::LabOutcome> outcome_;
};

}  // namespace smtpath::test
