#pragma once

// Asks how far the address is by ICMP echo. Each echo names its probe by its sequence number, so one flow is enough.

#include <optional>

#include "probing/ledger.h"
#include "probing/situation.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::probing {

class EchoTask {
 public:
  explicit EchoTask(Ttl max_ttl) : max_ttl_(max_ttl) {}

  Ledger& ledger() { return ledger_; }

  void plan(const Situation& situation);
  bool is_settled() const { return is_settled_; }
  /// Settled, or silent for longer than an answer takes.
  bool has_first_impression() const { return is_settled_ || tries_ > 1; }
  std::optional<Time> wake() const { return wake_; }

  /// So many more that go as far as the host, to see how many of them come back; none where none did.
  void repeat(int count, const Situation& situation);

 private:
  void knock();

  Ttl max_ttl_;
  Ledger ledger_;
  int tries_ = 0;
  std::optional<Time> wake_;
  bool is_settled_ = false;
};

}  // namespace smtpath::probing
