#include "verdict/intermittent.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "smtpath/path/double_answers.h"
#include "verdict/branch.h"
#include "verdict/deprivation.h"
#include "verdict/fares.h"
#include "verdict/finding.h"
#include "verdict/parting.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

using path::ReplyKind;

/// So many flows of a port at least before they are compared.
constexpr std::size_t kLeastFlows = 3;
/// Natural logarithms of how much likelier one explanation is than the next.
constexpr double kLikelier = 3;
constexpr double kMuchLikelier = 7;
constexpr double kFarLikelier = 14;

bool is_answered_here(const Case& evidence) {
  return evidence.answer && evidence.answer->is_of_this_host();
}

std::vector<const path::FlowTrace*> flows_with(const Fares& fares, bool (*holds)(const FlowFare&)) {
  std::vector<const path::FlowTrace*> flows;
  for (const FlowFare& fare : fares.flows) {
    if (holds(fare)) flows.push_back(fare.flow);
  }
  return flows;
}

/// A flow with two kinds of final answers follows no branch: somebody adds answers of its own.
bool has_two_answers(const path::FlowTrace& flow) {
  std::optional<ReplyKind> first;
  const auto differs = [&](const path::Reply& reply) {
    if (!path::is_final(reply.kind)) return false;
    if (!first) first = reply.kind;
    return *first != reply.kind;
  };
  for (const path::Probe& probe : flow.probes) {
    if (std::any_of(probe.replies.begin(), probe.replies.end(), differs)) return true;
  }
  return std::any_of(flow.unattributed.begin(), flow.unattributed.end(), differs);
}

bool is_syn_acked(const FlowFare& fare) {
  return fare.answer != nullptr && fare.answer->kind == ReplyKind::SynAck;
}
bool is_reset_by_somebody(const FlowFare& fare) {
  return fare.answer != nullptr && fare.answer->kind == ReplyKind::Rst;
}
bool is_rejected(const FlowFare& fare) {
  return fare.answer != nullptr && fare.answer->kind == ReplyKind::Unreachable;
}
bool is_unanswered(const FlowFare& fare) {
  return fare.answer == nullptr;
}
bool is_answered(const FlowFare& fare) {
  return fare.answer != nullptr;
}
bool is_answered_late(const FlowFare& fare) {
  return fare.answer != nullptr && fare.missed > 0;
}
bool is_not_syn_acked(const FlowFare& fare) {
  return !is_syn_acked(fare);
}
bool is_rejected_or_silent(const FlowFare& fare) {
  return is_rejected(fare) || is_unanswered(fare);
}

/// Also the flows that are answered though their probes do not go as far as the host.
Fares with_nearer_answers(Fares fares, const Case& evidence) {
  for (const path::FlowFate& fate : evidence.path.fates()) {
    if (fate.reply == nullptr) continue;
    auto known = std::find_if(fares.flows.begin(), fares.flows.end(),
                              [&](const FlowFare& fare) { return fare.flow == fate.flow; });
    if (known == fares.flows.end()) known = fares.flows.insert(known, FlowFare{.flow = fate.flow});
    if (known->answer == nullptr) known->answer = fate.reply;
  }
  return fares;
}

/// Those that pass, and those that do not.
Parting parting_by_kind(const Fares& fares, const Case& evidence) {
  const auto accepted = flows_with(fares, is_syn_acked);
  const auto reset = flows_with(fares, is_reset_by_somebody);
  if (accepted.empty()) return {.blocked = flows_with(fares, is_rejected_or_silent), .passing = reset};
  if (reset.empty()) return {.blocked = flows_with(fares, is_not_syn_acked), .passing = accepted};
  // What accepts short of the host is not the host.
  const auto accepting = evidence.path.of_flows(accepted).answer();
  const auto resetting = evidence.path.of_flows(reset).answer();
  const bool is_taken_over = accepting && evidence.distance && accepting->elicit < evidence.distance->ttl;
  const bool is_reset_by_host = !resetting || !evidence.distance || resetting->elicit >= evidence.distance->ttl;
  if (is_taken_over && is_reset_by_host) return {.blocked = accepted, .passing = reset};
  return {.blocked = flows_with(fares, is_not_syn_acked), .passing = accepted};
}

Verdict intermittent(Cause cause, Confidence confidence, Location location, std::string why) {
  Verdict verdict = found(Kind::Intermittent, confidence, std::move(location), std::move(why));
  verdict.cause = cause;
  return verdict;
}

/// What the branch does with those that it does not let through.
std::string describe_block(const Parting& parting, const Case& evidence) {
  const auto answer = evidence.path.of_flows(parting.blocked).answer();
  if (!answer) return "unanswered";
  if (answer->reply->kind == ReplyKind::Unreachable) return "rejected with " + describe_error(*answer);
  return answer->reply->kind == ReplyKind::Rst ? "reset" : "taken over";
}

std::string describe_parting(const Parting& parting, const Case& evidence) {
  const std::size_t all = parting.blocked.size() + parting.passing.size();
  return fmt::format("{} of {} flows are {}, the others pass{}.", parting.blocked.size(), all,
                     describe_block(parting, evidence), describe_branch(parting, evidence));
}

/// Some hosts let in no first SYN of a flow, as a defence against floods: its client comes again, and is let in.
bool is_every_first_try_missed(const Fares& fares) {
  return std::all_of(fares.flows.begin(), fares.flows.end(), [](const FlowFare& fare) { return fare.missed > 0; });
}

/// Both places and what is between them.
Location around(Location a, const Location& b) {
  if (b.last_reached.ttl < a.last_reached.ttl) a.last_reached = b.last_reached;
  if (!b.first_missed || (a.first_missed && b.first_missed->ttl > a.first_missed->ttl)) a.first_missed = b.first_missed;
  return a;
}

/// Packets of one flow meet different routers at one hop.
void forget_routers(Location& location) {
  location.last_reached.address.reset();
  location.suspect.reset();
}

Verdict path_dependent(const Parting& parting, const Case& evidence, Confidence confidence) {
  const bool is_by_packet = is_split_by_packet(evidence);
  return intermittent(
      Cause::PathDependent, is_by_packet ? Confidence::Medium : confidence,
      is_by_packet ? around(where_packets_part(evidence), where_they_part(parting, evidence))
                   : where_they_part(parting, evidence),
      describe_parting(parting, evidence) + (is_by_packet ? " Packets of one flow take different branches." : ""));
}

std::string count_missed(const Fares& fares) {
  return fmt::format("{} of {} SYNs that go as far as the host drew nothing", fares.missed(), fares.tries());
}

Verdict rate_limited(const Fares& fares, const Explanation& limit, double margin, const Case& evidence) {
  return intermittent(Cause::RateLimited, margin >= kFarLikelier ? Confidence::High : Confidence::Medium,
                      where_deprived(evidence, fares),
                      fmt::format("{}: the first of a burst pass and those behind it do not, as under a limit of about "
                                  "{} at once and {:g} a second.",
                                  count_missed(fares), limit.burst, limit.per_second));
}

/// The path loses so much of everything that mail will suffer.
std::optional<Verdict> lossy_path(const Fares& fares, const PathLoss& loss, bool goes_by_time, const Case& evidence) {
  constexpr int kSeveral = 3;
  const double share = static_cast<double>(fares.missed() + loss.missed) / (fares.tries() + loss.tries);
  constexpr double kMuch = 0.65;
  // Of a host that sends nothing but SYN-ACKs nobody can tell its queues from the path.
  const bool are_queues_told_apart = loss.tries_at_no_queue == 0 || loss.missed_at_no_queue >= kSeveral;
  const bool is_in_bursts = goes_by_time && loss.missed >= kSeveral && are_queues_told_apart;
  if (!is_in_bursts && share < kMuch) return std::nullopt;
  return intermittent(Cause::Loss, Confidence::Medium, where_deprived(evidence, fares),
                      fmt::format("{}, and {} of {} packets to other ports or the echo did too: the path loses them{}.",
                                  count_missed(fares), loss.missed, loss.tries, is_in_bursts ? ", in bursts" : ""));
}

/// This port and the others lose alike, and so many that a branch may swallow them which some packets of each flow
/// take.
std::optional<Verdict> lost_on_all_ports(const Fares& fares, const Case& evidence) {
  constexpr double kSeldom = 1e-3;
  constexpr double kBearable = 0.1;
  const PathLoss others = loss_of_other_ports(evidence);
  const int missed = fares.missed() + others.missed;
  const int tries = fares.tries() + others.tries;
  if (chance_of_loss(missed, tries, kBearable) > kSeldom) return std::nullopt;
  // This one loses rather what the others do.
  const double share = static_cast<double>(missed) / tries;
  if (fares.missed() * std::log(share / kBearable) +
          (fares.tries() - fares.missed()) * std::log((1 - share) / (1 - kBearable)) <
      0)
    return std::nullopt;
  return intermittent(
      Cause::Loss, Confidence::Medium, where_deprived(evidence, fares),
      fmt::format("{}, and {} of {} to other ports did too: the path loses them, or a branch that some packets of each "
                  "flow take.",
                  count_missed(fares), others.missed, others.tries));
}

/// By how much another explanation is likelier; negative: by so much less.
double lead_over(const std::vector<Explanation>& explanations, Explanation::Kind kind, Explanation::Kind other) {
  const auto likelihood = [&](Explanation::Kind each) {
    const auto found = std::find_if(explanations.begin(), explanations.end(),
                                    [&](const Explanation& explanation) { return explanation.kind == each; });
    return found->log_likelihood;
  };
  return likelihood(kind) - likelihood(other);
}

/// Nothing comes through for some time, and then again.
Verdict kept_waiting(const Fares& fares, const PathLoss& loss, const Case& evidence) {
  const Location location = where_deprived(evidence, fares);
  const bool is_on_the_way =
      location.first_missed && location.first_missed->address != evidence.target && location.last_reached.ttl > Ttl{0};
  // A port that refuses has no queue to fill.
  if (is_on_the_way || !is_syn_ack(evidence)) {
    return intermittent(Cause::Loss, Confidence::Medium, location,
                        fmt::format("{}, those of one moment alike, while {} of {} packets to other ports or the echo "
                                    "came through.",
                                    count_missed(fares), loss.tries - loss.missed, loss.tries));
  }
  return intermittent(
      Cause::Overloaded, Confidence::Medium, location,
      fmt::format("{} and later ones were answered, on the same flows too, while {} of {} packets to other ports or "
                  "the echo were answered: what accepts connections there cannot keep up.",
                  count_missed(fares), loss.tries - loss.missed, loss.tries));
}

/// Of tries of one moment and one flow some come through and others do not.
Verdict lost_alike(const Fares& fares, const PathLoss& loss, const Case& evidence) {
  return intermittent(Cause::Loss, Confidence::Medium, where_deprived(evidence, fares),
                      fmt::format("{}, whichever flow they are of and whenever they leave, while {} of {} packets to "
                                  "other ports or the echo came through.",
                                  count_missed(fares), loss.tries - loss.missed, loss.tries));
}

Verdict take_different_branches(const Fares& fares, const PathLoss& loss, const Case& evidence) {
  return intermittent(Cause::PathDependent, Confidence::Medium, where_packets_part(evidence),
                      fmt::format("{}, whichever flow they are of; packets of one flow take different branches, and "
                                  "{} of {} packets to other ports or the echo came through.",
                                  count_missed(fares), loss.tries - loss.missed, loss.tries));
}

/// Some tries draw nothing, where packets of one flow take different branches and other packets to the host come
/// through; and nothing explains better which.
std::optional<Verdict> packets_part(const Fares& fares, const Case& evidence) {
  constexpr double kSeldom = 2e-2;
  const PathLoss loss = loss_of_others(evidence);
  if (fares.missed() == 0 || fares.missed() == fares.tries() || chance_of_coincidence(fares, loss) > kSeldom) {
    return std::nullopt;
  }
  Fares spending = fares;
  note_spending(spending, evidence, where_deprived(evidence, fares).last_reached.ttl);
  const auto explanations = explain(spending, loss.share, false);
  const double behind = lead_over(explanations, explanations.front().kind, Explanation::Kind::Chance);
  if (behind >= kLikelier) return std::nullopt;
  return take_different_branches(fares, loss, evidence);
}

/// The case of another port of the host, as far as its fares go.
Case case_of(const Case& evidence, const path::PortPath& other) {
  Case beside = evidence;
  beside.path = other;
  beside.answer = other.answer();
  beside.others = {evidence.path};
  for (const path::PortPath& each : evidence.others) {
    if (each.port() != other.port()) beside.others.push_back(each);
  }
  return beside;
}

/// By how much flows that are let through or not explain other ports better than any other cause does: a branch that
/// stops flows of one port is likely to stop those of others.
double lead_of_flows_elsewhere(const Case& evidence) {
  double sum = 0;
  for (const path::PortPath& other : evidence.others) {
    const Case beside = case_of(evidence, other);
    if (!beside.is_answered_by_target()) continue;
    Fares fares = fares_of(beside);
    if (fares.missed() == 0 || fares.missed() == fares.tries()) continue;
    note_spending(fares, beside, where_deprived(beside, fares).last_reached.ttl);
    const auto explanations = explain(fares, loss_of_others(beside).share, false);
    if (explanations.front().kind != Explanation::Kind::Flows) continue;
    sum += explanations.front().log_likelihood - explanations[1].log_likelihood;
  }
  return sum;
}

/// `best` is a limit, and by `margin` likelier than any other explanation.
bool is_limited(const Fares& fares, const Explanation& best, double margin, double coincidence) {
  constexpr int kSeveral = 5;
  const bool is_often = fares.missed() >= kSeveral && 3 * fares.missed() >= fares.tries();
  // Where nothing came through again, a queue may as well have filled up.
  constexpr double kSeenAgain = 0.5;  // a second
  if (best.kind != Explanation::Kind::Limit || !is_often || best.per_second < kSeenAgain) return false;
  // Where all is lost alike, a limit has to be much likelier than that.
  constexpr double kComparable = 2e-2;
  return margin >= (coincidence > kComparable ? kMuchLikelier : kLikelier / 2);
}

}  // namespace

std::optional<Verdict> flows_are_answered_differently(const Case& evidence) {
  if (is_answered_here(evidence) || evidence.path.refusal() || evidence.path.are_errors_contradicted()) {
    return std::nullopt;
  }
  if (const auto rejection = rejection_of_some_packets(evidence)) {
    return intermittent(Cause::PathDependent, Confidence::Medium, where_answer_begins(evidence, *rejection),
                        fmt::format("Some packets draw {} and others of the same flows pass: packets of one flow take "
                                    "different branches.",
                                    describe_error(*rejection)));
  }
  const Fares fares = with_nearer_answers(fares_of(evidence), evidence);
  const auto flows = evidence.path.flows();
  const bool is_mixed =
      std::any_of(flows.begin(), flows.end(), [](const auto* flow) { return has_two_answers(*flow); });
  // Who copies packets adds answers; else each packet has one fate, and those of one flow have different ones.
  if (is_mixed && path::are_probes_copied(flows, evidence.target)) return std::nullopt;
  const auto kinds = static_cast<int>(std::any_of(fares.flows.begin(), fares.flows.end(), is_syn_acked)) +
                     static_cast<int>(std::any_of(fares.flows.begin(), fares.flows.end(), is_reset_by_somebody)) +
                     static_cast<int>(std::any_of(fares.flows.begin(), fares.flows.end(), is_rejected));
  if (fares.flows.size() < kLeastFlows) return std::nullopt;
  if (kinds < 2) {
    // Routers ration their errors.
    if (evidence.answer && evidence.answer->reply->kind == ReplyKind::Unreachable) return std::nullopt;
    if (is_split_by_packet(evidence)) {
      if (auto verdict = packets_part(fares, evidence)) return verdict;
    }
  }
  Parting parting = kinds < 2 ? parting_by_distance(fares, evidence) : parting_by_kind(fares, evidence);
  if (parting.blocked.empty() || parting.passing.empty()) parting = parting_by_expiry(evidence);
  if (parting.blocked.empty() || parting.passing.empty()) return std::nullopt;
  const bool is_shown = is_explained_by_branch(parting, evidence);
  Verdict verdict = path_dependent(parting, evidence, is_shown && !is_mixed ? Confidence::High : Confidence::Medium);
  if (is_mixed) forget_routers(*verdict.location);
  return verdict;
}

std::optional<Verdict> tries_come_to_nothing(const Case& evidence) {
  if (!evidence.answer || is_answered_here(evidence)) return std::nullopt;
  if (evidence.answer->reply->kind == ReplyKind::Unreachable) return std::nullopt;  // routers ration their errors
  Fares fares = fares_of(evidence);
  if (fares.missed() == 0 || fares.flows.size() < kLeastFlows || is_every_first_try_missed(fares)) return std::nullopt;
  const PathLoss loss = loss_of_others(evidence);
  note_spending(fares, evidence, where_deprived(evidence, fares).last_reached.ttl);
  const Parting parting{.blocked = flows_with(fares, is_unanswered), .passing = flows_with(fares, is_answered)};
  const bool is_shown = parting.blocked.size() > 1 && is_explained_by_branch(parting, evidence);
  const auto explanations = explain(fares, loss.share, is_shown);
  const Explanation& best = explanations.front();
  const double margin = best.log_likelihood - explanations[1].log_likelihood;
  // Where the path is known to split, flows are expected to differ.
  const double needed = evidence.splits.empty() ? kLikelier : kLikelier / 2;
  const bool may_be_branch = best.kind == Explanation::Kind::Flows && !parting.blocked.empty();
  if (may_be_branch && (margin >= needed || is_shown || margin + lead_of_flows_elsewhere(evidence) >= needed)) {
    const bool is_sure = margin >= kMuchLikelier || (is_shown && margin >= kLikelier);
    return path_dependent(parting, evidence, is_sure ? Confidence::High : Confidence::Medium);
  }
  const double coincidence = chance_of_coincidence(fares, loss);
  if (is_limited(fares, best, margin, coincidence)) return rate_limited(fares, best, margin, evidence);
  // Of many ports on lossy paths one or the other is hit harder by chance.
  constexpr int kSome = 3;
  const double seldom = loss.missed >= kSome ? 2e-4 : 3e-3;
  // Where packets of one flow take different branches, chance is expected.
  const bool may_be_chance =
      is_split_by_packet(evidence) && lead_over(explanations, best.kind, Explanation::Kind::Chance) < kLikelier;
  if (may_be_chance && coincidence > seldom) {
    if (auto lossy = lost_on_all_ports(fares, evidence)) return lossy;
  }
  const bool goes_by_time = best.kind == Explanation::Kind::Times && margin >= kLikelier;
  if (coincidence > seldom) return lossy_path(fares, loss, goes_by_time, evidence);
  const bool is_clear = margin >= kLikelier && std::any_of(fares.flows.begin(), fares.flows.end(), is_answered_late);
  if (is_clear && best.kind == Explanation::Kind::Times) return kept_waiting(fares, loss, evidence);
  if (is_clear && best.kind == Explanation::Kind::Chance) return lost_alike(fares, loss, evidence);
  return undecided(Reason::ContradictoryReplies, evidence,
                   fmt::format("{}, the others were answered, and no one cause explains which.", count_missed(fares)));
}

}  // namespace smtpath::verdict
