#pragma once

// Asks one port from further source ports, and over again, until it is known whether all flows and all tries fare
// alike: routers that balance load lead flows over several branches, and limits let some tries pass. Tries come in
// waves of SYNs to the host; each wave that met silence is followed by a sweep, which shows how far probes come at that
// very time.

#include <cstdint>
#include <optional>
#include <vector>

#include "probing/port_task.h"
#include "probing/situation.h"
#include "smtpath/path/attempts.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::probing {

class FlowSurvey {
 public:
  FlowSurvey(std::size_t slots, const TracerOptions& options) : slots_(slots), options_(options) {}

  /// What the other ports make worth knowing of this one.
  struct Others {
    /// Flows of another port are answered differently, so that those of this one may be, too.
    bool do_flows_part = false;
    /// Another port meets silence, and no echo shows how much the path loses.
    bool is_loss_unknown = false;
  };

  /// Asks through the task, once its own questions are settled.
  void plan(PortTask& task, const Situation& situation, const Others& others);
  bool is_settled() const { return is_settled_; }
  /// Some flows are answered otherwise than others.
  bool do_flows_part() const { return do_flows_part_; }
  /// Waves that met silence before.
  int waves() const { return waves_; }
  /// When plan() would do something new though no frame came; absent: never.
  std::optional<Time> wake() const { return wake_; }

 private:
  /// What the tries on one source port came to.
  struct Fate {
    std::uint8_t slot = 0;
    int tries = 0;
    std::optional<path::ReplyKind> answer;
  };

  static std::vector<Fate> fates_of(const std::vector<path::Attempt>& attempts);
  static bool is_each_answered_at_once_or_never(const std::vector<Fate>& fates);
  static bool are_kinds_mixed(const std::vector<Fate>& fates);
  static void note_nearer_answers(std::vector<Fate>& fates, const path::PortPath& path);
  std::size_t wanted_flows(const Situation& situation, bool are_all_worth_it) const;
  bool knock_fresh(PortTask& task, const Situation& situation, std::vector<Fate>& fates, std::size_t count) const;
  void next_wave(PortTask& task, const Situation& situation, std::vector<Fate> fates);
  void sweep_now(PortTask& task, const Situation& situation, std::uint8_t slot) const;
  bool sweep(PortTask& task, const Situation& situation, std::uint8_t slot) const;
  bool sweep_each_kind(PortTask& task, const Situation& situation, const std::vector<Fate>& fates);
  bool seek_reset(PortTask& task, const Situation& situation);
  bool make_sure(PortTask& task, const Situation& situation, const std::vector<Fate>& fates);
  bool identify(PortTask& task, const Situation& situation, const std::vector<Fate>& fates);

  std::size_t slots_;
  TracerOptions options_;
  int waves_ = 0;
  std::optional<Time> wake_;
  /// So often each slot was asked for its router at a hop with several.
  std::vector<std::pair<std::uint8_t, Ttl>> identified_;
  bool has_swept_each_kind_ = false;
  bool do_flows_part_ = false;
  int sure_rounds_ = 0;
  int sought_ = 0;
  bool is_settled_ = false;
};

}  // namespace smtpath::probing
