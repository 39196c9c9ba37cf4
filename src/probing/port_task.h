#pragma once

// Asks one port until enough is known of it. A knock with the full TTL comes first. If it is answered, a sweep along
// the path stays short of the host and the least TTL that draws the answer is looked for. If it is not, the sweep shows
// how far the probes come, and knocks from other source ports make sure that silence is silence.

#include <cstdint>
#include <optional>

#include "probing/ledger.h"
#include "probing/politeness.h"
#include "probing/situation.h"
#include "smtpath/path/port_path.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::probing {

class PortTask {
 public:
  PortTask(Port port, std::size_t slots, const TracerOptions& options)
      : port_(port), slots_(slots), options_(options) {}

  Port port() const { return port_; }
  Ledger& ledger() { return ledger_; }
  Politeness& politeness() { return politeness_; }

  /// Asks what is worth asking now, and finds out whether anything is left to learn.
  void plan(const Situation& situation);
  /// Nothing is asked, waited for or left to ask.
  bool is_settled() const { return is_settled_; }
  /// Settled, or silent for longer than an answer takes.
  bool has_first_impression() const;
  /// When plan() would do something new though no frame came; absent: never.
  std::optional<Time> wake() const { return wake_; }

  /// Asks for a hop that this port's probes pass and that no port has shown yet.
  void fill_gap(Ttl ttl);

 private:
  void plan_answered(const path::PortPath& path, const Situation& situation);
  void plan_silent(const path::PortPath& path, const Situation& situation);
  void sweep_silent(const path::PortPath& path, const Situation& situation);
  void sweep_to(Ttl last);
  void knock_again(const path::PortPath& path, const Situation& situation);
  void ask_fresh(Ttl ttl, int probes);
  void wake_at(Time time);

  Port port_;
  std::size_t slots_;
  TracerOptions options_;
  Ledger ledger_;
  Politeness politeness_;
  Ttl swept_;
  int rounds_ = 0;
  Time next_round_;
  std::optional<Time> wake_;
  bool is_settled_ = false;
};

}  // namespace smtpath::probing
