#include "probing/flow_survey.h"

#include <algorithm>

#include "smtpath/path/branches.h"
#include "smtpath/path/double_answers.h"

namespace smtpath::probing {

namespace {

using namespace std::chrono_literals;

/// Waves are so far apart that a limit of one a second lets something pass again.
constexpr Duration kWaveSpacing = 1100ms;
constexpr int kMostWaves = 3;
constexpr int kSweptWaves = 2;
/// Where all came through at first and nothing since, so many more, and so far apart.
constexpr int kMostWavesOfSilence = 5;
constexpr Duration kSilenceSpacing = 1900ms;
/// Of a wave: on source ports that were not asked yet, and in all.
constexpr std::size_t kFreshFlows = 3;
constexpr std::size_t kWaveSize = 7;
/// So few tries without an answer, and none of a flow that has none at all, are loss like any other.
constexpr int kFewMissing = 1;
/// Hops with several routers whose branches are told apart.
constexpr std::size_t kMostSplitHops = 3;
constexpr int kMostSureRounds = 6;
/// Steps of the search for where resets begin.
constexpr int kMostSought = 8;
/// Of a sweep between two waves.
constexpr int kMostSwept = 10;

/// Every answered try left before every one that drew nothing.
bool has_ended(const std::vector<path::Attempt>& attempts) {
  const auto first_missed =
      std::find_if(attempts.begin(), attempts.end(), [](const path::Attempt& each) { return each.reply == nullptr; });
  return first_missed != attempts.begin() &&
         std::all_of(first_missed, attempts.end(), [](const path::Attempt& each) { return each.reply == nullptr; });
}

}  // namespace

std::vector<FlowSurvey::Fate> FlowSurvey::fates_of(const std::vector<path::Attempt>& attempts) {
  std::vector<Fate> fates;
  for (const path::Attempt& attempt : attempts) {
    const auto slot = static_cast<std::uint8_t>(attempt.flow->slot);
    auto fate = std::find_if(fates.begin(), fates.end(), [&](const Fate& each) { return each.slot == slot; });
    if (fate == fates.end()) fate = fates.insert(fates.end(), Fate{.slot = slot, .tries = 0, .answer = {}});
    ++fate->tries;
    if (attempt.reply != nullptr) fate->answer = attempt.reply->kind;
  }
  return fates;
}

/// Of probes that do not go as far as the host.
void FlowSurvey::note_nearer_answers(std::vector<Fate>& fates, const path::PortPath& path) {
  for (const path::FlowFate& answered : path.fates()) {
    if (answered.reply == nullptr) continue;
    const auto slot = static_cast<std::uint8_t>(answered.flow->slot);
    auto known = std::find_if(fates.begin(), fates.end(), [&](const Fate& fate) { return fate.slot == slot; });
    if (known == fates.end()) known = fates.insert(known, Fate{.slot = slot, .tries = 1, .answer = {}});
    if (!known->answer) known->answer = answered.reply->kind;
  }
}

/// Each is answered at once or never, and of both there are enough.
bool FlowSurvey::is_each_answered_at_once_or_never(const std::vector<Fate>& fates) {
  constexpr int kEnough = 2;
  const auto is_late = [](const Fate& fate) { return fate.answer && fate.tries > 1; };
  const auto is_silent = [](const Fate& fate) { return !fate.answer && fate.tries >= path::kSilentTries; };
  return std::none_of(fates.begin(), fates.end(), is_late) &&
         std::count_if(fates.begin(), fates.end(), is_silent) >= kEnough &&
         std::count_if(fates.begin(), fates.end(), [](const Fate& fate) { return fate.answer.has_value(); }) >= kEnough;
}

bool FlowSurvey::are_kinds_mixed(const std::vector<Fate>& fates) {
  std::optional<path::ReplyKind> first;
  return std::any_of(fates.begin(), fates.end(), [&](const Fate& fate) {
    if (fate.answer && !first) first = fate.answer;
    return fate.answer && fate.answer != first;
  });
}

/// As many as a port that is silent gets, where the path splits as many as rule out one more branch, and all where some
/// branch is known to block, or where other ports are to be compared with this one.
std::size_t FlowSurvey::wanted_flows(const Situation& situation, bool are_all_worth_it) const {
  if (are_all_worth_it) return slots_;
  const auto usual = static_cast<std::size_t>(options_.flows) + 1;
  std::size_t routers = 1;
  for (const path::SplitHop& hop : situation.splits) routers = std::max(routers, hop.routers.size());
  if (routers == 1) return std::min(usual, slots_);
  const auto enough = static_cast<std::size_t>(path::flows_to_rule_out_more(static_cast<int>(routers)));
  return std::min(std::max(usual, enough), slots_);
}

void FlowSurvey::plan(PortTask& task, const Situation& situation, const Others& others) {
  wake_.reset();
  is_settled_ = false;
  if (!task.is_settled()) return;
  const path::PortPath& path = situation.path_of(task.port());
  const bool is_of_this_host =
      path.refusal() || path.is_unseen() || (path.answer() && path.answer()->is_of_this_host());
  if (is_of_this_host || situation.is_host_out_of_reach) {
    is_settled_ = true;
    return;
  }
  if (seek_reset(task, situation)) return;
  const std::vector<path::Attempt> attempts = path::attempts_of(path, situation.likely_reach_from());
  std::vector<Fate> fates = fates_of(attempts);
  note_nearer_answers(fates, path);
  const auto is_answered = [](const Fate& fate) { return fate.answer && path::is_tcp_answer(*fate.answer); };
  const bool has_answer = std::any_of(fates.begin(), fates.end(), is_answered);
  // Where nobody answers nothing is to be compared, unless the path splits.
  const bool is_worth_it = path.answer() || path.has_unattributed_answer() || !situation.splits.empty();
  do_flows_part_ = are_kinds_mixed(fates);
  const bool is_all_answered = std::all_of(fates.begin(), fates.end(), is_answered);
  const bool are_all_worth_it = do_flows_part_ || others.do_flows_part || (others.is_loss_unknown && is_all_answered);
  const std::size_t wanted = wanted_flows(situation, are_all_worth_it);
  if (is_worth_it && fates.size() < wanted && knock_fresh(task, situation, fates, wanted - fates.size())) return;

  const auto missing = std::count_if(fates.begin(), fates.end(), [&](const Fate& fate) { return !is_answered(fate); });
  int tries_missing = 0;
  for (const Fate& fate : fates) tries_missing += fate.tries - (is_answered(fate) ? 1 : 0);
  const bool is_alike = missing == 0 && tries_missing <= kFewMissing;
  const bool is_ended = has_ended(attempts);
  const bool is_clear = !situation.splits.empty() && is_each_answered_at_once_or_never(fates);
  if (!has_answer || is_alike || is_clear || waves_ >= (is_ended ? kMostWavesOfSilence : kMostWaves)) {
    const bool has_asked = has_answer && (identify(task, situation, fates) || make_sure(task, situation, fates));
    is_settled_ = !has_asked && task.is_settled();
    return;
  }
  const Time next = task.ledger().last_sent().value_or(situation.now) +
                    (is_ended && waves_ >= kMostWaves ? kSilenceSpacing : kWaveSpacing);
  if (situation.now < next) {
    wake_ = next;
    return;
  }
  next_wave(task, situation, std::move(fates));
  if (task.is_settled()) wake_ = situation.now;  // nothing more may be asked
}

/// On source ports that no try went out on yet. False: there are none left, or the host must not be asked again.
bool FlowSurvey::knock_fresh(PortTask& task, const Situation& situation, std::vector<Fate>& fates,
                             std::size_t count) const {
  bool has_asked = false;
  for (std::uint8_t slot = 0; slot < slots_ && count > 0; ++slot) {
    const bool is_known = std::any_of(fates.begin(), fates.end(), [&](const Fate& fate) { return fate.slot == slot; });
    if (is_known) continue;
    if (!task.explore(slot, options_.max_ttl, situation)) break;
    fates.push_back({.slot = slot, .tries = 1, .answer = {}});
    has_asked = true;
    --count;
  }
  return has_asked;
}

/// New source ports first: under a limit they pass no more than the others do, on another branch they may.
void FlowSurvey::next_wave(PortTask& task, const Situation& situation, std::vector<Fate> fates) {
  ++waves_;
  std::vector<Fate> known = fates;
  std::erase_if(fates, [](const Fate& fate) { return fate.answer.has_value(); });
  std::stable_sort(fates.begin(), fates.end(), [](const Fate& a, const Fate& b) { return a.tries < b.tries; });
  std::size_t sent = 0;
  std::size_t fresh = 0;
  std::size_t again = 0;
  while (sent < kWaveSize && (fresh < kFreshFlows || again < fates.size())) {
    if (fresh < kFreshFlows) {
      ++fresh;
      if (knock_fresh(task, situation, known, 1)) ++sent;
    }
    if (again < fates.size() && task.explore(fates[again].slot, options_.max_ttl, situation)) ++sent;
    ++again;
    if (again > slots_) break;
  }
  if (waves_ <= kSweptWaves && !fates.empty()) sweep_now(task, situation, fates.back().slot);
}

/// Short of the host, on a flow that met silence: how far probes come at this moment.
void FlowSurvey::sweep_now(PortTask& task, const Situation& situation, std::uint8_t slot) const {
  const int hops = situation.answering.count_between(Ttl{0}, situation.likely_reach_from());
  const int step = hops / kMostSwept + 1;
  int seen = 0;
  for (Ttl ttl = options_.first_ttl; ttl < situation.likely_reach_from(); ttl = ttl + 1) {
    if (situation.answering.contains(ttl) && seen++ % step == 0) task.explore(slot, ttl, situation);
  }
}

/// All hops that the flow has not shown yet. True if something was asked for.
bool FlowSurvey::sweep(PortTask& task, const Situation& situation, std::uint8_t slot) const {
  const path::PortPath& path = situation.path_of(task.port());
  const auto flows = path.flows();
  const auto flow = std::find_if(flows.begin(), flows.end(), [&](const auto* each) { return each->slot == slot; });
  bool has_asked = false;
  for (Ttl ttl = options_.first_ttl; ttl < situation.likely_reach_from(); ttl = ttl + 1) {
    const bool is_known = flow != flows.end() && path::router_met(**flow, ttl, situation.target);
    if (situation.answering.contains(ttl) && !is_known) has_asked |= task.explore(slot, ttl, situation);
  }
  return has_asked;
}

/// One flow of each fate shows what those flows meet. True if something was asked for.
bool FlowSurvey::sweep_each_kind(PortTask& task, const Situation& situation, const std::vector<Fate>& fates) {
  if (has_swept_each_kind_) return false;
  has_swept_each_kind_ = true;
  bool has_asked = false;
  std::vector<std::optional<path::ReplyKind>> swept;
  for (const Fate& fate : fates) {
    if (std::find(swept.begin(), swept.end(), fate.answer) != swept.end()) continue;
    swept.push_back(fate.answer);
    has_asked |= sweep(task, situation, fate.slot);
  }
  return has_asked;
}

/// Whoever resets what it copies answers probes that expire, too: the least TTL that draws its reset, on flows with no
/// other TTL, since a reset names no probe. True if something was asked for.
bool FlowSurvey::seek_reset(PortTask& task, const Situation& situation) {
  const path::PortPath& path = situation.path_of(task.port());
  const auto is_copied = [&](const path::FlowTrace* flow) {
    return path::was_accepted_and_reset(*flow, situation.target) ||
           path::expired_and_drew(*flow, path::ReplyKind::Rst, situation.target);
  };
  const auto flows = path.flows();
  const auto reset = path.answer_by(path::ReplyKind::Rst);
  if (!reset || sought_ >= kMostSought || std::none_of(flows.begin(), flows.end(), is_copied)) return false;
  Ttl lower{};
  for (const path::FlowTrace* flow : flows) {
    if (const auto ttl = path::only_ttl_without_reset(*flow); ttl && *ttl < reset->elicit)
      lower = std::max(lower, *ttl);
  }
  const auto slot = task.ledger().fresh_slot(slots_);
  if (reset->elicit - lower <= 1 || !slot) return false;
  ++sought_;
  return task.explore(*slot, lower + (reset->elicit - lower) / 2, situation);
}

/// The next hop that passing flows meet behind the last of those that do not pass: so many probes as make its silence a
/// fact, each on another of those flows. True if something was asked for.
bool FlowSurvey::make_sure(PortTask& task, const Situation& situation, const std::vector<Fate>& fates) {
  const path::PortPath& path = situation.path_of(task.port());
  const auto passes = [](const Fate& fate) { return fate.answer == path::ReplyKind::SynAck; };
  const bool does_any_pass = std::any_of(fates.begin(), fates.end(), passes);
  const auto is_stopped = [&](const path::FlowTrace* flow) {
    const auto fate =
        std::find_if(fates.begin(), fates.end(), [&](const Fate& each) { return each.slot == flow->slot; });
    if (fate == fates.end()) return false;
    return does_any_pass ? !passes(*fate) : fate->answer != path::ReplyKind::Rst;
  };
  std::vector<const path::FlowTrace*> stopped(path.flows().begin(), path.flows().end());
  std::erase_if(stopped, [&](const path::FlowTrace* flow) { return !is_stopped(flow); });
  if (stopped.empty() || stopped.size() == path.flows().size() || sure_rounds_ >= kMostSureRounds) return false;
  const path::PortPath ways = path.of_flows(stopped);
  const auto next = situation.next_answering_beyond(ways);
  if (!next || *next >= situation.likely_reach_from() || ways.probes_at(*next) >= path::kSilentTries) return false;
  ++sure_rounds_;
  bool has_asked = false;
  for (int i = ways.probes_at(*next); i < path::kSilentTries; ++i) {
    const path::FlowTrace& flow = *stopped[static_cast<std::size_t>(i) % stopped.size()];
    has_asked |= task.explore(static_cast<std::uint8_t>(flow.slot), *next, situation);
  }
  return has_asked;
}

/// Which routers the flows meet where several were met. True if something was asked for.
bool FlowSurvey::identify(PortTask& task, const Situation& situation, const std::vector<Fate>& fates) {
  bool has_asked = false;
  std::vector<path::SplitHop> hops = situation.splits;
  std::stable_sort(hops.begin(), hops.end(), [](const path::SplitHop& a, const path::SplitHop& b) {
    return a.routers.size() > b.routers.size();
  });
  if (hops.size() > kMostSplitHops) hops.resize(kMostSplitHops);
  const bool do_flows_differ =
      std::any_of(fates.begin(), fates.end(), [&](const Fate& fate) { return fate.answer != fates.front().answer; });
  if (!do_flows_differ) return false;
  has_asked = sweep_each_kind(task, situation, fates);
  const path::PortPath& path = situation.path_of(task.port());
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::SplitHop& hop : hops) {
      const std::pair<std::uint8_t, Ttl> question{static_cast<std::uint8_t>(flow->slot), hop.ttl};
      const auto asked = std::count(identified_.begin(), identified_.end(), question);
      if (asked >= 2 || path::router_met(*flow, hop.ttl, situation.target)) continue;
      identified_.push_back(question);
      has_asked |= task.explore(question.first, hop.ttl, situation);
    }
  }
  return has_asked;
}

}  // namespace smtpath::probing
