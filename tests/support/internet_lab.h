#pragma once

// A network namespace whose only uplink leads into a simulated Internet, played in real time by a thread of this
// process. The host's own network is not touched, and all of it goes with this object. Needs root and /dev/net/tun.

#include <future>
#include <memory>
#include <thread>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"
#include "smtpath/io/lab.h"
#include "support/internet.h"

namespace smtpath::test {

class InternetLab {
 public:
  /// Returns once the uplink carries both families.
  static Result<InternetLab> build(const InternetSpec& spec);

  InternetLab(InternetLab&&) noexcept = default;
  InternetLab& operator=(InternetLab&&) noexcept = delete;
  ~InternetLab();

  /// Runs a command in the namespace to its end; from several threads at a time if need be.
  Result<io::LabOutcome> run(const io::LabCommand& command) const;

  /// Cuts the uplink off for good, and says what came over it.
  InternetFigures finish();

 private:
  InternetLab() = default;

  io::FileDescriptor network_;
  io::FileDescriptor stop_;
  std::unique_ptr<Internet> internet_;
  std::thread thread_;
};

}  // namespace smtpath::test
