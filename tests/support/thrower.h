#pragma once

// Throws forged packets from a lab's first router at its client while a run is going on there: as many a second as this
// machine can, within bounds.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"
#include "support/forger.h"
#include "support/lab_socket.h"

namespace smtpath::test {

struct ThrowingLimits {
  std::size_t packets = 1'000'000;
  std::chrono::seconds time{20};
};

class Thrower {
 public:
  /// Begins as soon as the first probe comes by. The forger and the lab outlive it.
  static Result<Thrower> start(const io::Lab& lab, Family family, Forger& forger, const ThrowingLimits& limits);

  Thrower(Thrower&& other) noexcept;
  Thrower& operator=(Thrower&& other) = delete;
  ~Thrower();

  /// How many packets it threw so far.
  std::size_t thrown() const;
  /// How many it threw in all.
  std::size_t stop();

 private:
  struct State;
  explicit Thrower(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
  std::thread thread_;
};

}  // namespace smtpath::test
