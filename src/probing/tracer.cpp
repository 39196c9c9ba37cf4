#include "smtpath/probing/tracer.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "probing/echo_task.h"
#include "probing/flow_survey.h"
#include "probing/nowhere_task.h"
#include "probing/port_task.h"
#include "probing/situation.h"
#include "smtpath/path/flow_mark.h"
#include "smtpath/wire/probe_packet.h"

namespace smtpath::probing {

namespace {

using namespace std::chrono_literals;

/// A run ends this long after its last probe at the earliest, so that a second answer to a probe is seen too.
constexpr Duration kLinger = 50ms;
/// Errors that a router gave after seconds of looking for the host tell nothing of how long answers take.
constexpr Duration kLongestLinger = 1s;
/// Whatever the network does to us, a run ends.
constexpr Duration kLongestRun = 45s;
/// How often a hop that no port has shown is asked again where a port ends.
constexpr int kGapTries = 2;

/// The first hop that this port's probes do not show: where its answer begins, or where silence does.
Ttl first_unseen(const path::PortPath& path) {
  if (const auto answer = path.answer()) return answer->elicit;
  const auto farthest = path.farthest_router();
  return farthest ? farthest->ttl + 1 : Ttl{1};
}

constexpr int kEchoesInAWave = 8;
/// Where nobody answers echoes.
constexpr int kKnocksInAWave = 5;
/// Hops at which it is looked whether one flow meets several routers.
constexpr std::size_t kRepeatedHops = 2;
/// So many source ports are tried at once for one that leads by a given router.
constexpr int kAlignedAtOnce = 4;

/// The slot of a flow that met this router; absent: none did.
std::optional<std::uint8_t> aligned_slot(const path::PortPath& path, const path::SeenHop& router,
                                         const IpAddress& target) {
  for (const path::FlowTrace* flow : path.flows()) {
    if (path::router_met(*flow, router.ttl, target) == router.address) return static_cast<std::uint8_t>(flow->slot);
  }
  return std::nullopt;
}

}  // namespace

struct Tracer::State {
  struct SynFlow {
    path::FlowMark mark;
    wire::SynTemplate syn;
  };

  State(const path::Plan& plan, std::size_t index, const TracerOptions& tracer_options)
      : number(index),
        target(plan.targets.at(index)),
        source_ports(plan.source_ports),
        key(plan.key),
        marks(plan.key),
        options(tracer_options),
        echo(options.max_ttl),
        nowhere(plan, index, tracer_options.max_ttl) {
    for (const path::PortPlan& asked : target.ports) {
      if (asked.role != path::Role::Anchor) add_task(asked);
    }
  }

  void add_task(const path::PortPlan& asked) {
    tasks.emplace_back(asked, source_ports.size(), options, budget);
    if (asked.role != path::Role::Anchor) surveys.emplace_back(source_ports.size(), options);
  }

  void replan(Time now, const path::PathTrace& known);
  bool wants_anchors(const Situation& situation) const;
  bool fill_gaps(const Situation& situation);
  bool knock_after_rest(const Situation& situation);
  PortTask* passing_task(const Situation& situation);
  std::size_t count_asked();
  void end_soon(Time now);
  bool is_everything_settled() const;
  bool is_everything_surveyed() const;
  void survey_flows(const Situation& situation, bool has_asked);
  void knock_on_refusing(const Situation& situation);
  bool repeat_at_splits(const Situation& situation);
  bool align_with_control(const Situation& situation);

  std::optional<std::span<const std::byte>> transmit_echo(Time now);
  std::optional<std::span<const std::byte>> transmit_syn(PortTask& task, Time now);
  void note_sent(Time now);
  SynFlow& syn_flow(std::uint8_t slot, Port port);
  wire::EchoTemplate& echo_template();

  /// In the plan.
  std::size_t number;
  path::TargetPlan target;
  std::vector<Port> source_ports;
  path::HashKey key;
  path::FlowMarks marks;
  TracerOptions options;
  EchoTask echo;
  NowhereTask nowhere;
  ProbeBudget budget;
  std::size_t sent = 0;
  std::vector<PortTask> tasks;
  /// Of the tasks that are no anchors, which come first.
  std::vector<FlowSurvey> surveys;
  bool has_anchors = false;
  bool is_surveying = false;
  int echo_waves = 0;
  bool has_repeated = false;
  std::map<Ttl, int> gap_tries;
  /// Source ports of a passing port that were tried for the routers of a silent one, and hops asked beyond those.
  std::set<std::pair<std::uint8_t, Ttl>> alignments;
  bool has_knocked_after_rest = false;
  std::map<std::pair<std::uint8_t, Port>, SynFlow> flows;
  std::optional<wire::EchoTemplate> echoes;
  Time start;
  Duration patience{};
  std::optional<Time> last_sent;
  std::optional<Time> timeout;
  std::optional<Time> turn;
  bool is_finished = false;
};

Tracer::Tracer(const path::Plan& plan, std::size_t target, const TracerOptions& options, Time start)
    : state_(std::make_unique<State>(plan, target, options)) {
  path::PathTrace nothing;
  nothing.target = state_->target.address;
  state_->start = start;
  state_->replan(start, nothing);
}

Tracer::Tracer(Tracer&&) noexcept = default;
Tracer& Tracer::operator=(Tracer&&) noexcept = default;
Tracer::~Tracer() = default;

void Tracer::handle_packet(Time now, const path::PathTrace& known) {
  state_->replan(now, known);
}

void Tracer::handle_timeout(Time now, const path::PathTrace& known) {
  state_->replan(now, known);
}

std::optional<std::span<const std::byte>> Tracer::poll_transmit(Time now) {
  State& state = *state_;
  state.turn.reset();
  if (state.sent >= kMostProbes) return std::nullopt;
  if (auto packet = state.transmit_echo(now)) return packet;
  for (PortTask& task : state.tasks) {
    if (auto packet = state.transmit_syn(task, now)) return packet;
  }
  auto packet = state.nowhere.poll_transmit(now);
  if (packet) state.note_sent(now);
  return packet;
}

std::optional<Time> Tracer::next_timeout() const {
  if (state_->is_finished) return std::nullopt;
  if (!state_->timeout || !state_->turn) return state_->timeout ? state_->timeout : state_->turn;
  return std::min(*state_->timeout, *state_->turn);
}

bool Tracer::finished() const {
  return state_->is_finished;
}

void Tracer::State::replan(Time now, const path::PathTrace& known) {
  const Situation situation = assess(known, target, now, options.wait);
  patience = situation.patience;
  if (sent >= kMostProbes) return end_soon(now);
  echo.plan(situation);
  for (PortTask& task : tasks) task.plan(situation);
  if (!has_anchors && wants_anchors(situation)) {
    has_anchors = true;
    for (const path::PortPlan& asked : target.ports) {
      if (asked.role != path::Role::Anchor) continue;
      add_task(asked);
      tasks.back().plan(situation);
    }
  }

  budget.asked = count_asked();
  const bool has_asked = fill_gaps(situation) || knock_after_rest(situation);
  survey_flows(situation, has_asked);
  const bool has_aligned = align_with_control(situation) || repeat_at_splits(situation);

  timeout = echo.wake();
  for (const FlowSurvey& survey : surveys) {
    if (survey.wake() && (!timeout || *survey.wake() < *timeout)) timeout = survey.wake();
  }
  for (const PortTask& task : tasks) {
    if (task.wake() && (!timeout || *task.wake() < *timeout)) timeout = task.wake();
  }
  const Time limit = start + kLongestRun;
  is_finished = now >= limit;
  timeout = std::min(timeout.value_or(limit), limit);
  if (has_asked || has_aligned || !is_everything_settled() || !is_everything_surveyed()) return;
  nowhere.plan(situation, known);
  if (!nowhere.is_settled()) {
    timeout = std::min(nowhere.wake().value_or(limit), limit);
    return;
  }
  const bool may_straggle = has_knocked_after_rest && !situation.has_host_answered && situation.rejections.is_empty() &&
                            !situation.is_host_out_of_reach;
  const Duration second_answer = std::clamp(situation.round_trip.value_or(Duration{}) * 3 / 2, kLinger, kLongestLinger);
  const Duration linger = may_straggle ? kStragglerWindow : second_answer;
  const Time end = last_sent.value_or(now) + linger;
  is_finished = is_finished || now >= end;
  timeout = std::min(end, limit);
}

std::size_t Tracer::State::count_asked() {
  std::size_t asked = echo.ledger().size();
  for (PortTask& task : tasks) asked += task.ledger().size();
  return asked;
}

/// Nothing more may be asked: what was is waited for.
void Tracer::State::end_soon(Time now) {
  const Time end = std::min(last_sent.value_or(now) + patience, start + kLongestRun);
  is_finished = now >= end;
  timeout = end;
}

/// Anchors are asked when nothing fixes the distance, when no asked port shows that the host speaks TCP at all, and
/// when only resets do, but for what is accepted short of it: a device that resets every mail port agrees with itself.
bool Tracer::State::wants_anchors(const Situation& situation) const {
  const bool has_impression =
      echo.has_first_impression() &&
      std::all_of(tasks.begin(), tasks.end(), [](const PortTask& task) { return task.has_first_impression(); });
  if (!has_impression) return false;
  if (!situation.distance) return true;
  const bool has_echo = situation.echo.answer().has_value();
  // A time exceeded in the host's name may be another's, translated; only who else passes there can tell.
  if (situation.distance->source == path::Distance::Source::OwnTimeExceeded && !has_echo) return true;
  return std::none_of(tasks.begin(), tasks.end(), [&](const PortTask& task) {
    const auto answer = situation.path_of(task.port()).answer_of_target();
    const bool is_accepted = answer && answer->reply->kind == path::ReplyKind::SynAck;
    return answer && (has_echo || (is_accepted && answer->elicit >= situation.distance->ttl));
  });
}

/// Where a port ends, the hops beyond that nobody has shown are asked again: they narrow down where. True if any was.
bool Tracer::State::fill_gaps(const Situation& situation) {
  PortTask* passing = passing_task(situation);
  if (passing == nullptr || !passing->is_settled()) return false;
  bool has_asked = false;
  for (const PortTask& task : tasks) {
    if (!task.has_first_impression()) continue;
    const path::PortPath& path = situation.path_of(task.port());
    for (Ttl ttl = first_unseen(path); ttl < situation.likely_reach_from(); ttl = ttl + 1) {
      if (situation.answering.contains(ttl)) break;
      if (gap_tries[ttl] >= kGapTries) continue;
      ++gap_tries[ttl];
      passing->ask_once(ttl);
      has_asked = true;
    }
  }
  return has_asked;
}

/// Nothing came from the host, and the farthest router rations its errors: it may have had none left for the news that
/// nobody has the address. One more knock, once all is quiet. True if it was asked for now.
bool Tracer::State::knock_after_rest(const Situation& situation) {
  if (has_knocked_after_rest || !is_everything_settled()) return false;
  const bool is_dark = situation.farthest_router == Ttl{0};
  if (situation.has_host_answered || situation.is_host_out_of_reach || is_dark) return false;
  if (!situation.rejections.is_empty() || !situation.is_farthest_rationed) return false;
  has_knocked_after_rest = true;
  tasks.front().ask_once(options.max_ttl);
  return true;
}

/// A port whose probes come as far as any.
PortTask* Tracer::State::passing_task(const Situation& situation) {
  if (!situation.reach) return nullptr;
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const PortTask& task) {
    const path::PortPath& path = situation.path_of(task.port());
    const auto answer = path.answer();
    return answer && answer->is_pinned && answer->elicit >= *situation.reach;
  });
  return found == tasks.end() ? nullptr : &*found;
}

/// Further flows use up what routers may say; the ports' own questions come first.
void Tracer::State::survey_flows(const Situation& situation, bool has_asked) {
  is_surveying = is_surveying || (!has_asked && is_everything_settled());
  int waves = 0;
  FlowSurvey::Others others;
  for (const FlowSurvey& survey : surveys) {
    others.do_flows_part |= survey.do_flows_part();
    others.is_loss_unknown |= survey.waves() > 0 && !situation.echo.answer();
  }
  for (std::size_t i = 0; is_surveying && i < surveys.size(); ++i) {
    surveys[i].plan(tasks[i], situation, others);
    waves = std::max(waves, surveys[i].waves());
  }
  // What else is lost meanwhile tells whether it is this port's loss.
  for (; echo_waves < waves; ++echo_waves) {
    if (situation.echo.answer()) {
      echo.repeat(kEchoesInAWave, situation);
    } else {
      knock_on_refusing(situation);
    }
  }
}

/// Where no echo is answered: SYNs that no queue of connections stops, on new flows of a port that refuses.
void Tracer::State::knock_on_refusing(const Situation& situation) {
  const auto refuses = [&](const PortTask& task) {
    const auto answer = situation.path_of(task.port()).answer_of_target();
    return answer && answer->reply->kind == path::ReplyKind::Rst && task.is_settled();
  };
  int left = kKnocksInAWave;
  for (PortTask& task : tasks) {
    if (!refuses(task)) continue;
    for (; left > 0; --left) {
      const auto slot = task.ledger().fresh_slot(source_ports.size());
      if (!slot || !task.explore(*slot, options.max_ttl, situation)) break;
    }
  }
}

/// Whether one flow keeps to one router where flows meet several. True if something was asked for.
bool Tracer::State::repeat_at_splits(const Situation& situation) {
  if (has_repeated || situation.splits.empty()) return false;
  PortTask& task = tasks.front();
  has_repeated = true;
  bool has_asked = false;
  for (std::size_t i = 0; i < std::min(situation.splits.size(), kRepeatedHops); ++i) {
    for (int n = 0; n < path::kSilentTries; ++n) has_asked |= task.explore(0, situation.splits[i].ttl, situation);
  }
  return has_asked;
}

/// Which way the probes of a silent port would have gone on can be shown only by a flow that is known to pass the same
/// router. True if something was asked for.
bool Tracer::State::align_with_control(const Situation& situation) {
  PortTask* passing = passing_task(situation);
  if (passing == nullptr || !passing->is_settled()) return false;
  const auto ask = [&](std::uint8_t slot, Ttl ttl) {
    return alignments.emplace(slot, ttl).second && passing->explore(slot, ttl, situation);
  };
  bool has_asked = false;
  for (const PortTask& task : tasks) {
    const path::PortPath& path = situation.path_of(task.port());
    const auto last = path.farthest_router();
    if (!task.is_settled() || path.answer() || !last || !situation.is_split_at(last->ttl)) continue;
    const auto beside = aligned_slot(situation.path_of(passing->port()), *last, situation.target);
    if (beside) {
      for (Ttl ttl = last->ttl + 1; ttl < situation.likely_reach_from(); ttl = ttl + 1) has_asked |= ask(*beside, ttl);
      continue;
    }
    int tried = 0;
    for (std::uint8_t slot = 0; slot < source_ports.size() && tried < kAlignedAtOnce; ++slot) {
      if (ask(slot, last->ttl)) ++tried;
    }
    has_asked |= tried > 0;
  }
  return has_asked;
}

bool Tracer::State::is_everything_settled() const {
  return echo.is_settled() &&
         std::all_of(tasks.begin(), tasks.end(), [](const PortTask& task) { return task.is_settled(); });
}

bool Tracer::State::is_everything_surveyed() const {
  return std::all_of(surveys.begin(), surveys.end(), [](const FlowSurvey& survey) { return survey.is_settled(); });
}

std::optional<std::span<const std::byte>> Tracer::State::transmit_echo(Time now) {
  if (echo.ledger().next_waiting() == nullptr) return std::nullopt;
  const Asked& asked = echo.ledger().send_next(now);
  note_sent(now);
  return echo_template().stamp({.ttl = asked.ttl, .number = asked.number, .timestamp = 0});
}

std::optional<std::span<const std::byte>> Tracer::State::transmit_syn(PortTask& task, Time now) {
  Ledger& ledger = task.ledger();
  const Asked* waiting = ledger.next_waiting();
  if (waiting == nullptr) return std::nullopt;
  if (waiting->ttl >= task.may_reach_from()) {
    const auto turn_of_task = task.turn(now);
    if (!turn_of_task) {
      ledger.withdraw_waiting();
      timeout = now;
      return std::nullopt;
    }
    if (*turn_of_task > now) {
      turn = std::min(turn.value_or(*turn_of_task), *turn_of_task);
      return std::nullopt;
    }
  }
  const Asked& asked = ledger.send_next(now);
  note_sent(now);
  SynFlow& flow = syn_flow(asked.slot, task.port());
  return flow.syn.stamp(
      {.ttl = asked.ttl, .number = asked.number, .timestamp = flow.mark.timestamp_base + asked.number});
}

/// Its answer, or the lack of one, will be worth a look.
void Tracer::State::note_sent(Time now) {
  ++sent;
  last_sent = now;
  const Time expiry = now + patience;
  timeout = std::min(timeout.value_or(expiry), expiry);
}

Tracer::State::SynFlow& Tracer::State::syn_flow(std::uint8_t slot, Port port) {
  const auto known = flows.find({slot, port});
  if (known != flows.end()) return known->second;
  const auto asked = std::find_if(target.ports.begin(), target.ports.end(),
                                  [&](const path::PortPlan& each) { return each.port == port; });
  const auto position = static_cast<std::size_t>(asked - target.ports.begin());
  const path::FlowMark mark = marks.of({.target = number, .port = position, .slot = slot});
  const wire::SynFields fields{.source = asked->source.value_or(target.source),
                               .destination = target.address,
                               .source_port = source_ports.at(slot),
                               .destination_port = port,
                               .sequence = mark.sequence,
                               .flow_label = mark.timestamp_base & 0xfffffU};
  return flows.emplace(std::pair(slot, port), SynFlow{.mark = mark, .syn = wire::SynTemplate(fields)}).first->second;
}

wire::EchoTemplate& Tracer::State::echo_template() {
  if (!echoes) {
    echoes.emplace(wire::EchoFields{.source = target.source,
                                    .destination = target.address,
                                    .identifier = path::echo_identifier(key, target.address)});
  }
  return *echoes;
}

}  // namespace smtpath::probing
