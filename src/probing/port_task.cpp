#include "probing/port_task.h"

#include <algorithm>

#include "probing/elicit_search.h"
#include "smtpath/path/back.h"

namespace smtpath::probing {

namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kMainSlot = 0;
/// What a knock gets before the sweep starts without its answer.
constexpr Duration kKnockLead = 20ms;
constexpr Duration kKnockLeadWithoutHost = 300ms;
/// Knocks from other source ports follow one another like this.
constexpr Duration kRoundSpacing = 150ms;
constexpr Duration kRoundSpacingWithoutHost = 750ms;
/// A queue of connections that is full now may not be by then: what is silent at the host's door is tried once more.
constexpr Duration kLastKnock = 1s;
/// So many more where packets are lost.
constexpr int kRoundsForLoss = 4;
/// So often and at this distance a port is tried again of which no probe leaves this host.
constexpr int kUnseenRounds = 2;
constexpr Duration kUnseenSpacing = 1s;
/// Errors that a rate limit swallowed are asked for again, so often and at this distance.
constexpr int kLateTries = 6;
constexpr Duration kLateSpacing = 1100ms;
/// So many flows are asked at the hop where a port ends.
constexpr std::size_t kFlowsForSilence = 6;
/// How far a sweep runs ahead of what is known to fall short of the host: with the knock before it and one more probe
/// these are all that may arrive there in a second.
constexpr int kWindow = 6;

}  // namespace

void PortTask::plan(const Situation& situation) {
  wake_.reset();
  is_settled_ = false;
  if (ledger_.is_empty()) {
    ledger_.ask(kMainSlot, options_.max_ttl);
    return;
  }
  const path::PortPath& path = situation.path_of(port_);
  ledger_.note_answers(path);
  may_reach_from_ = probing::may_reach_from(situation, path);
  const bool is_answered = path.answer() || path.has_unattributed_answer();
  // What refuses a send may answer in the destination's name too: nothing beyond this host can be learnt.
  if (is_answered && !path.refusal()) {
    plan_answered(path, situation);
  } else {
    plan_silent(path, situation);
  }
  if (const auto expiry = ledger_.next_expiry(situation.now, situation.patience)) wake_at(*expiry);
}

void PortTask::plan_answered(const path::PortPath& path, const Situation& situation) {
  if (const auto answer = path.answer()) {
    const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer->reply->ttl))};
    const bool is_quoted = answer->reply->kind == path::ReplyKind::Unreachable;
    // An anchor that is rejected fixes no distance, and its quote tells where.
    if (is_quoted && is_anchor_) {
      is_settled_ = !ledger_.has_open(situation.now, situation.patience);
      return;
    }
    // What nobody met as a hop may be no hop: then the packets go on behind it.
    const bool is_unknown =
        is_quoted && situation.answering.contains(answer->elicit) && !situation.is_router(answer->reply->from);
    if (is_unknown) sweep_to(std::min(answer->elicit + 1, options_.max_ttl));
    sweep_ahead((is_quoted ? answer->elicit : std::min(answer->elicit, guess)) - 1, may_reach_from_ - 1, situation);
  }
  const ElicitStep step = next_elicit_step(path, ledger_, situation, options_.max_ttl);
  switch (step.kind) {
    case ElicitStep::Kind::Ask:
      if (step.ttl < options_.first_ttl) break;
      if (step.ttl >= may_reach_from_ && !may_reach_host_again(situation)) break;
      if (const auto slot = slot_that_passes(path, situation)) {
        for (int i = 0; i < std::min(step.probes, most_at_once(step.ttl, situation)); ++i) ledger_.ask(*slot, step.ttl);
      } else {
        ask_alone(step.ttl, step.probes, most_at_once(step.ttl, situation));
      }
      break;
    case ElicitStep::Kind::Found:
    case ElicitStep::Kind::Wait:
    case ElicitStep::Kind::Exhausted:
      break;
  }
  is_settled_ = step.kind != ElicitStep::Kind::Wait && !ledger_.has_open(situation.now, situation.patience);
}

/// Where the path splits, a flow that is known to be answered, if its answers name their probes; else any will do.
std::optional<std::uint8_t> PortTask::slot_that_passes(const path::PortPath& path, const Situation& situation) {
  const auto& answer = path.answer();
  if (situation.splits.empty() || !answer || !answer->reply->tcp) return std::nullopt;
  if (!answer->reply->tcp->options.timestamps) return std::nullopt;
  return static_cast<std::uint8_t>(answer->flow->slot);
}

/// Of several SYNs of one flow a host answers two at most.
int PortTask::most_at_once(Ttl ttl, const Situation& situation) const {
  if (ttl < may_reach_from_) return path::kSilentTries;
  return ttl < situation.likely_reach_from() ? 2 : 1;
}

void PortTask::plan_silent(const path::PortPath& path, const Situation& situation) {
  const auto knocked = ledger_.first_sent();
  if (!knocked) return;
  if (path.refusal() && rounds_ > 0) {
    is_settled_ = !ledger_.has_open(situation.now, situation.patience);
    return;
  }
  if (path.is_unseen()) {
    plan_unseen(situation);
    return;
  }
  if (situation.is_host_out_of_reach && rounds_ > 0) {
    is_settled_ = !ledger_.has_open(situation.now, situation.patience);
    return;
  }
  sweep_silent(situation);
  knock_again(path, situation);
  make_sure_of_silence(path, situation);
  retry_late(path, situation);
  knock_last(path, situation);

  const bool has_rounds_left = rounds_ < rounds_of(situation) && may_reach_host_again(situation);
  const bool is_waiting = ledger_.has_open(situation.now, situation.patience);
  const Time stragglers = *knocked + kStragglerWindow + 2 * situation.round_trip.value_or(Duration{});
  // One answer in the host's name may be somebody else's.
  const bool may_straggle = !situation.is_distance_firm() && situation.now < stragglers;
  if (may_straggle) wake_at(stragglers);
  is_settled_ = !has_rounds_left && !is_waiting && !may_straggle && !worth_a_late_try(path, situation) &&
                !wants_last_knock(path, situation);
}

/// The kernel took all probes and no interface saw one leave. A few more from other source ports make sure of it; if
/// none of any port leaves, the next hop may be looked for in vain, which the kernel will say.
void PortTask::plan_unseen(const Situation& situation) {
  const Time first = *ledger_.first_sent();
  const Time next = *ledger_.last_sent() + kUnseenSpacing;
  if (unseen_rounds_ < kUnseenRounds && situation.now >= next && ledger_.next_waiting() == nullptr) {
    ++unseen_rounds_;
    if (const auto slot = ledger_.fresh_slot(slots_)) ledger_.ask(*slot, options_.max_ttl);
  }
  const bool has_rounds_left = unseen_rounds_ < kUnseenRounds;
  if (has_rounds_left) wake_at(std::max(next, situation.now));
  const Time stragglers = first + kStragglerWindow;
  const bool may_straggle = !is_anchor_ && situation.does_nothing_leave && situation.now < stragglers;
  if (may_straggle) wake_at(stragglers);
  is_settled_ = !has_rounds_left && !may_straggle && !ledger_.has_open(situation.now, situation.patience);
}

/// An anchor matters only if it answers; the errors that its sweep would draw are left to the ports in question.
void PortTask::sweep_silent(const Situation& situation) {
  if (is_anchor_) return;
  const Duration lead =
      situation.reach ? std::max(kKnockLead, situation.round_trip.value_or(kKnockLead) * 3 / 2) : kKnockLeadWithoutHost;
  const Time start = *ledger_.first_sent() + lead;
  if (situation.now < start) {
    wake_at(start);
    return;
  }
  // Once nothing is on its way any more, the silence ahead is passed over.
  const bool is_stalled = !ledger_.has_open(situation.now, situation.patience);
  const Ttl shown = may_reach_from_ - 1;
  // A guess of where the host is serves as long as there is hope to know.
  if (situation.is_distance_firm() || (situation.reach && rounds_ < rounds_of(situation))) {
    sweep_ahead(*situation.reach - 1, is_stalled ? std::max(shown, swept_) : shown, situation);
  } else {
    sweep_ahead(std::min(shown + 2 * kWindow, options_.max_ttl - 1), is_stalled ? shown + kWindow : shown, situation);
  }
}

/// As far as `last`, and no farther than the window beyond what is shown to fall short of the host.
void PortTask::sweep_ahead(Ttl last, Ttl shown, const Situation& situation) {
  sweep_to(std::min({last, shown + kWindow, situation.circle_end.value_or(last)}));
}

void PortTask::sweep_to(Ttl last) {
  for (Ttl ttl = std::max(swept_ + 1, options_.first_ttl); ttl <= std::min(last, options_.max_ttl); ttl = ttl + 1) {
    for (int i = 0; i < options_.tries; ++i) ledger_.ask(kMainSlot, ttl);
  }
  swept_ = std::max(swept_, last);
}

/// One for each further source port, and more where what seems silent may have been lost.
int PortTask::rounds_of(const Situation& situation) const {
  return options_.flows + (situation.is_lossy ? kRoundsForLoss : 0);
}

void PortTask::knock_again(const path::PortPath& path, const Situation& situation) {
  if (rounds_ >= rounds_of(situation) || !may_reach_host_again(situation)) return;
  if (rounds_ == 0) next_round_ = *ledger_.first_sent() + (path.refusal() ? Duration{} : situation.patience);
  if (situation.now < next_round_) {
    wake_at(next_round_);
    return;
  }
  ++rounds_;
  next_round_ = situation.now + (situation.has_host_answered ? kRoundSpacing : kRoundSpacingWithoutHost);
  wake_at(next_round_);
  const auto slot = ledger_.fresh_slot(slots_);
  if (slot && rounds_ <= options_.flows) ledger_.ask(*slot, options_.max_ttl);

  if (path.refusal()) return;
  if (rounds_ % 2 == 0 || rounds_ > options_.flows) {
    // As a client that means it: some hosts let in the second or third SYN of a tuple only.
    ledger_.ask(kMainSlot, options_.max_ttl);
    return;
  }
  // What may show that the probes come farther than they seem to: the next hop, and the next that other ports saw.
  if (is_anchor_) return;
  const auto farthest = path.farthest_router();
  const Ttl last = farthest ? farthest->ttl : Ttl{0};
  const Ttl end = situation.reach.value_or(options_.max_ttl);
  const Ttl next = std::max(last + 1, options_.first_ttl);
  if (next < end) ledger_.ask(kMainSlot, next);
  const auto answering = situation.answering.next_after(last);
  if (answering && *answering > next && *answering < end) ledger_.ask(kMainSlot, *answering);
}

/// The next hop that answers others was passed by, lost, or blocked: as many probes as make its silence a fact, on as
/// many flows as hardly ever all take a branch that is silent there.
void PortTask::make_sure_of_silence(const path::PortPath& path, const Situation& situation) {
  if (is_anchor_ || rounds_ < rounds_of(situation) || ledger_.has_open(situation.now, situation.patience)) return;
  const auto next = situation.next_answering_beyond(path);
  if (!next || (*next >= may_reach_from_ && !may_reach_host_again(situation))) return;
  const int silent = ledger_.silent_at(*next, situation.now, situation.patience);
  for (int i = silent; i < path::kSilentTries; ++i) ledger_.ask(kMainSlot, *next);
  // Those that answered there may have come another way.
  for (std::uint8_t slot = 0; slot < std::min(slots_in_use(), kFlowsForSilence); ++slot) {
    if (!ledger_.was_asked(slot, *next)) ledger_.ask(slot, *next);
  }
}

/// Routers ration their errors over all ports, one a second. Where another port is rejected, or where the next hop does
/// not answer every probe that passes it, this port's errors may have been swallowed.
std::optional<Ttl> PortTask::worth_a_late_try(const path::PortPath& path, const Situation& situation) const {
  if (is_anchor_ || late_tries_ >= kLateTries || !may_reach_host_again(situation)) return std::nullopt;
  const auto farthest = path.farthest_router();
  const Ttl last = farthest ? farthest->ttl : Ttl{0};
  if (const auto rejection = situation.rejection_near(last)) return rejection;
  // Where no port passes, a hop that one of them shows and this one does not is no sign of a block yet.
  const auto next = situation.answering.next_after(last);
  const bool is_doubtful = next && (!situation.reach || situation.is_lossy || situation.unreliable.contains(*next));
  return is_doubtful ? next : std::nullopt;
}

void PortTask::retry_late(const path::PortPath& path, const Situation& situation) {
  if (rounds_ < rounds_of(situation)) return;
  const auto ttl = worth_a_late_try(path, situation);
  if (!ttl) return;
  const Time next = *ledger_.last_sent() + kLateSpacing;
  wake_at(std::max(next, situation.now));
  if (situation.now < next || ledger_.next_waiting() != nullptr) return;
  ask_another_flow(*ttl);
  ++late_tries_;
}

/// One flow after another: they may take different branches.
void PortTask::ask_another_flow(Ttl ttl) {
  ledger_.ask(static_cast<std::uint8_t>(static_cast<std::size_t>(late_tries_) % slots_in_use()), ttl);
}

/// Nothing between its last router and the host is known to answer, and no try left long after the first.
bool PortTask::wants_last_knock(const path::PortPath& path, const Situation& situation) const {
  if (is_anchor_ || !situation.has_host_answered || !situation.reach || !may_reach_host_again(situation)) return false;
  const auto next = situation.next_answering_beyond(path);
  if (next && *next < *situation.reach) return false;
  const std::vector<Time> tries = ledger_.sent_from(*situation.reach);
  return !tries.empty() && tries.back() < tries.front() + kLastKnock;
}

void PortTask::knock_last(const path::PortPath& path, const Situation& situation) {
  if (rounds_ < rounds_of(situation) || !wants_last_knock(path, situation)) return;
  if (ledger_.next_waiting() != nullptr) return;
  const Time due = ledger_.sent_from(*situation.reach).front() + kLastKnock;
  if (situation.now < due) {
    wake_at(due);
    return;
  }
  ledger_.ask(kMainSlot, options_.max_ttl);
}

bool PortTask::has_first_impression() const {
  return is_settled_ || rounds_ > 0 || unseen_rounds_ > 0;
}

void PortTask::ask_once(Ttl ttl) {
  ledger_.ask(kMainSlot, ttl);
  is_settled_ = false;
}

bool PortTask::explore(std::uint8_t slot, Ttl ttl, const Situation& situation) {
  if (budget_->is_explored()) return false;
  if (!situation.splits.empty()) most_syns_ = kMostSynsExploring;
  if (ttl >= may_reach_from_ && !may_reach_host_again(situation)) return false;
  ++budget_->asked;
  ledger_.ask(slot, ttl);
  is_settled_ = false;
  return true;
}

void PortTask::ask_alone(Ttl ttl, int probes, int most_of_one_flow) {
  int of_one_flow = 0;
  const bool is_for_silence = probes > 1 || ledger_.asked_at(ttl) > 0;
  for (int i = 0; i < probes; ++i) {
    // Silence on one flow alone may be that of the branch it takes.
    auto fresh = is_for_silence && of_one_flow > 0 ? ledger_.fresh_slot(slots_) : std::nullopt;
    if (fresh && *fresh >= slots_ / 2) fresh.reset();  // others will be wanted
    const auto slot = fresh ? fresh : ledger_.slot_of_only(ttl, slots_);
    if (!slot || (!fresh && of_one_flow >= most_of_one_flow)) return;
    if (!fresh) ++of_one_flow;
    ledger_.ask(*slot, ttl);
  }
}

void PortTask::wake_at(Time time) {
  if (!wake_ || time < *wake_) wake_ = time;
}

}  // namespace smtpath::probing
