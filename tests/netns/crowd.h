#pragma once

// A mail server that cannot keep up: its queue of connections to be accepted holds two, a crowd of its own keeps it
// full, and now and then the server accepts one. While the queue is full the kernel passes SYNs over in silence.

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

#include "smtpath/io/lab.h"

namespace smtpath::test {

/// One round of the server.
struct Pace {
  std::chrono::milliseconds full{};
  /// The room for a connection is left free for so long.
  std::chrono::milliseconds free{};
};

class Crowd {
 public:
  /// Port 25 of the lab's server, which the lab itself leaves alone. Returns once the queue is full. Throws what went
  /// wrong.
  Crowd(const io::Lab& lab, Pace pace);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

 private:
  void press(const io::Lab& lab, Pace pace);
  bool rest(std::chrono::milliseconds time);

  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::promise<void> is_full_;
  std::future<void> work_;
};

}  // namespace smtpath::test
