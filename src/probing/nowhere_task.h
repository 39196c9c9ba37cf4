#pragma once

// Asks who accepts in anybody's name: SYNs to the suspicious ports of an address that nobody can have. A port is asked
// twice at most, and once if it is answered.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "probing/situation.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/probe_packet.h"

namespace smtpath::probing {

class NowhereTask {
 public:
  /// For the target at `target` in the plan. Nothing is ever asked where the plan names no such address.
  NowhereTask(const path::Plan& plan, std::size_t target, Ttl ttl);

  /// Once all ports are settled.
  void plan(const Situation& situation, const path::PathTrace& known);
  /// Nothing is waited for or left to ask.
  bool is_settled() const { return is_settled_; }
  std::optional<Time> wake() const { return wake_; }

  /// The next SYN to send now; the view lives until the next call.
  std::optional<std::span<const std::byte>> poll_transmit(Time now);

 private:
  struct Question {
    std::size_t port = 0;
    int asked = 0;
    Time sent;
    bool is_due = false;
  };

  void take_up(const Situation& situation);

  path::Plan plan_;
  std::size_t target_;
  Ttl ttl_;
  std::vector<Question> questions_;
  std::optional<wire::SynTemplate> syn_;
  std::optional<Time> wake_;
  bool has_begun_ = false;
  bool is_settled_ = false;
};

}  // namespace smtpath::probing
