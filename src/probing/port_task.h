#pragma once

// Asks one port until enough is known of it. A knock with the full TTL comes first. If it is answered, a sweep along
// the path stays short of the host and the least TTL that draws the answer is looked for. If it is not, the sweep shows
// how far the probes come, and knocks from other source ports make sure that silence is silence.

#include <cstdint>
#include <optional>

#include "probing/ledger.h"
#include "probing/politeness.h"
#include "probing/situation.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/port_path.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::probing {

class PortTask {
 public:
  /// The budget is that of all tasks and outlives them.
  PortTask(const path::PortPlan& asked, std::size_t slots, const TracerOptions& options, ProbeBudget& budget)
      : port_(asked.port),
        is_anchor_(asked.role == path::Role::Anchor),
        slots_(slots),
        options_(options),
        budget_(&budget) {}

  Port port() const { return port_; }
  Ledger& ledger() { return ledger_; }

  /// Asks what is worth asking now, and finds out whether anything is left to learn.
  void plan(const Situation& situation);
  /// Nothing is asked, waited for or left to ask.
  bool is_settled() const { return is_settled_; }
  /// Settled, or silent for longer than an answer takes.
  bool has_first_impression() const;
  /// When plan() would do something new though no frame came; absent: never.
  std::optional<Time> wake() const { return wake_; }

  /// The least TTL whose probe may arrive at the host.
  Ttl may_reach_from() const { return may_reach_from_; }

  /// One more probe that its own planning does not ask for.
  void ask_once(Ttl ttl);

  /// The same on a source port of choice, to explore how flows and tries differ. False: the run, or the host, has had
  /// its share of probes.
  bool explore(std::uint8_t slot, Ttl ttl, const Situation& situation);
  /// When the next that may arrive at the host may be sent, not before `now`; absent: never.
  std::optional<Time> turn(Time now) const { return next_turn(ledger_, may_reach_from_, most_syns_, now); }

 private:
  void plan_answered(const path::PortPath& path, const Situation& situation);
  void plan_silent(const path::PortPath& path, const Situation& situation);
  static std::optional<std::uint8_t> slot_that_passes(const path::PortPath& path, const Situation& situation);
  int most_at_once(Ttl ttl, const Situation& situation) const;
  void plan_unseen(const Situation& situation);
  void sweep_silent(const Situation& situation);
  void sweep_ahead(Ttl last, Ttl shown, const Situation& situation);
  void sweep_to(Ttl last);
  int rounds_of(const Situation& situation) const;
  void knock_again(const path::PortPath& path, const Situation& situation);
  void make_sure_of_silence(const path::PortPath& path, const Situation& situation);
  std::optional<Ttl> worth_a_late_try(const path::PortPath& path, const Situation& situation) const;
  void retry_late(const path::PortPath& path, const Situation& situation);
  bool wants_last_knock(const path::PortPath& path, const Situation& situation) const;
  void knock_last(const path::PortPath& path, const Situation& situation);
  bool may_reach_host_again(const Situation& situation) const { return turn(situation.now).has_value(); }
  std::size_t slots_in_use() const { return ledger_.fresh_slot(slots_).value_or(static_cast<std::uint8_t>(slots_)); }
  void ask_another_flow(Ttl ttl);
  /// On a flow that no other TTL is asked on: an answer that names no probe is then still that TTL's.
  void ask_alone(Ttl ttl, int probes, int most_of_one_flow);
  void wake_at(Time time);

  Port port_;
  bool is_anchor_ = false;
  std::size_t slots_;
  TracerOptions options_;
  ProbeBudget* budget_;
  Ledger ledger_;
  Ttl may_reach_from_{1};
  std::size_t most_syns_ = kMostSynsInAll;
  Ttl swept_;
  int rounds_ = 0;
  int unseen_rounds_ = 0;
  int late_tries_ = 0;
  Time next_round_;
  std::optional<Time> wake_;
  bool is_settled_ = false;
};

}  // namespace smtpath::probing
