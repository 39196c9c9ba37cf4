#include "io/pending_lookup.h"

#include <algorithm>
#include <utility>

namespace smtpath::io {

namespace {

using namespace std::chrono_literals;
using facts::Dnssec;
using facts::LookupResult;

/// How long the answer of one server is waited for before the next one is asked too.
constexpr auto kPatience = 1500ms;
/// Before it is asked whether it is there at all.
constexpr auto kDoubt = 300ms;
constexpr auto kLongest = 5s;
/// How long others may take to bear out that a name does not exist.
constexpr auto kOthers = 1s;

}  // namespace

PendingLookup::PendingLookup(facts::Question question, std::vector<ResolverServer>& servers, std::size_t first,
                             Moment now)
    : servers_(servers), begun_(now), first_(first), next_server_at_(now) {
  lookup_.question = std::move(question);
  advance(now);
}

PendingLookup::~PendingLookup() {
  for (const Attempt& attempt : attempts_) {
    if (!attempt.is_over && !attempt.answer) attempt.context->cancel(attempt.ticket);
  }
}

void PendingLookup::advance(Moment now) {
  if (is_done_) return;
  advance_inquiries(now);
  // Looking at one may begin another. NOLINTNEXTLINE(modernize-loop-convert)
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    if (attempts_[i].answer && !attempts_[i].is_over) look_at(attempts_[i], now);
  }
  if (answered_at_) {
    if (!waits_for_others_ || !is_inquiring() || now >= *answered_at_ + kOthers) finish(now);
    return;
  }
  while (begun_with_ < servers_.size() && (now >= next_server_at_ || !has_attempts_left())) begin_next_server(now);
  if (now >= begun_ + kDoubt && inquiries_.empty() && !attempts_.empty()) inquire(attempts_.front().server, now);
  const bool is_hopeless = begun_with_ == servers_.size() && !has_attempts_left() && !is_inquiring();
  if (is_hopeless || now >= begun_ + kLongest) give_up(now);
}

std::optional<Moment> PendingLookup::next() const {
  if (is_done_) return std::nullopt;
  Moment next = answered_at_ ? *answered_at_ + kOthers : begun_ + kLongest;
  if (!answered_at_ && begun_with_ < servers_.size()) next = std::min(next, next_server_at_);
  if (!answered_at_ && inquiries_.empty()) next = std::min(next, begun_ + kDoubt);
  for (const Inquiry& each : inquiries_) next = std::min(next, each.inquiry.next().value_or(next));
  return next;
}

std::vector<int> PendingLookup::descriptors() const {
  std::vector<int> all;
  for (const Inquiry& each : inquiries_) {
    if (each.inquiry.descriptor() >= 0) all.push_back(each.inquiry.descriptor());
  }
  return all;
}

void PendingLookup::begin_next_server(Moment now) {
  const std::size_t server = (first_ + begun_with_) % servers_.size();
  // Whoever was asked before this one was slow or failed.
  if (begun_with_ > 0) inquire_of_all(now);
  ++begun_with_;
  next_server_at_ = now + kPatience;
  // Whether anybody is there libunbound would only tell after a while.
  if (!std::exchange(servers_[server].has_been_asked, true)) inquire(server, now);
  if (!servers_[server].is_unreachable) begin(server, servers_[server].context());
}

void PendingLookup::begin(std::size_t server, UnboundContext* context) {
  if (context == nullptr) return;
  Attempt& attempt = attempts_.emplace_back();
  attempt.server = server;
  attempt.context = context;
  const auto ticket =
      context->ask(lookup_.question, [&attempt](UnboundAnswer answer) { attempt.answer = std::move(answer); });
  attempt.is_over = !ticket;
  attempt.ticket = ticket.value_or(0);
}

void PendingLookup::begin_asking_for_keys(std::size_t server, UnboundContext* context) {
  Attempt& attempt = attempts_.emplace_back();
  attempt.server = server;
  attempt.context = context;
  attempt.asks_for_keys = true;
  const auto ticket = context->ask_for_keys(servers_[server].anchor_zone(),
                                            [&attempt](UnboundAnswer answer) { attempt.answer = std::move(answer); });
  attempt.ticket = ticket.value_or(0);
  if (!ticket) attempt.answer = UnboundAnswer{};
}

void PendingLookup::inquire(std::size_t server, Moment now) {
  const bool is_asked =
      std::any_of(inquiries_.begin(), inquiries_.end(), [&](const Inquiry& each) { return each.server == server; });
  if (is_asked) return;
  inquiries_.push_back({server, DnsInquiry(servers_[server].server(), lookup_.question, now)});
  if (inquiries_.back().inquiry.result() == LookupResult::Unreachable) servers_[server].is_unreachable = true;
}

void PendingLookup::inquire_of_all(Moment now) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (i != answered_by_) inquire(i, now);
  }
}

void PendingLookup::look_at(Attempt& attempt, Moment now) {
  attempt.is_over = true;
  ResolverServer& server = servers_[attempt.server];
  if (attempt.asks_for_keys) {
    judge_keys(attempt);
    if (doubtful_ && !answered_at_) accept(attempt, *std::exchange(doubtful_, std::nullopt), now);
    return;
  }
  if (answered_at_) return;
  UnboundAnswer answer = std::exchange(attempt.answer, UnboundAnswer{}).value_or(UnboundAnswer{});
  const bool is_checked = server.is_checked(attempt.context);
  if (answer.is_bogus && server.signatures == ResolverServer::Signatures::Unknown) {
    doubtful_ = std::move(answer);
    begin_asking_for_keys(attempt.server, attempt.context);
  } else if (is_answer(answer.result)) {
    if (answer.is_secure) server.signatures = ResolverServer::Signatures::Passed;
    accept(attempt, std::move(answer), now);
  } else if (is_checked && server.signatures != ResolverServer::Signatures::Passed) {
    begin(attempt.server, server.plain_context());
  } else {
    note_failure(attempt.server, now);
  }
}

void PendingLookup::judge_keys(const Attempt& attempt) {
  const bool is_secure = attempt.answer && attempt.answer->is_secure;
  servers_[attempt.server].signatures =
      is_secure ? ResolverServer::Signatures::Passed : ResolverServer::Signatures::Lost;
}

void PendingLookup::note_failure(std::size_t server, Moment now) {
  inquire(server, now);
  next_server_at_ = now;
}

void PendingLookup::accept(const Attempt& attempt, UnboundAnswer answer, Moment now) {
  const ResolverServer& server = servers_[attempt.server];
  const bool is_checked = server.is_checked(attempt.context) && server.signatures != ResolverServer::Signatures::Lost;
  lookup_.result = answer.result;
  lookup_.answer = std::move(answer.records);
  lookup_.left_out = answer.left_out;
  lookup_.canonical = std::move(answer.canonical);
  lookup_.resolver = server.name();
  lookup_.took = now - begun_;
  if (is_checked && answer.is_bogus) {
    lookup_.dnssec = Dnssec::Bogus;
    lookup_.why_bogus = std::move(answer.why_bogus);
  } else if (is_checked && answer.is_secure) {
    lookup_.dnssec = Dnssec::Secure;
  } else if (is_checked && server.is_covered(lookup_.question.name)) {
    lookup_.dnssec = Dnssec::Insecure;
  }
  answered_at_ = now;
  answered_by_ = attempt.server;
  waits_for_others_ = answer.result == LookupResult::NxDomain && servers_.size() > 1;
  if (waits_for_others_) inquire_of_all(now);
  if (!waits_for_others_ || !is_inquiring()) finish(now);
}

void PendingLookup::advance_inquiries(Moment now) {
  for (Inquiry& each : inquiries_) {
    if (each.is_noted) continue;
    if (!each.inquiry.result()) each.inquiry.advance(now);
    if (!each.inquiry.result()) continue;
    each.is_noted = true;
    if (is_answer(*each.inquiry.result())) continue;
    if (each.inquiry.result() == LookupResult::Unreachable) servers_[each.server].is_unreachable = true;
    // What this one says libunbound would only find out later.
    for (Attempt& attempt : attempts_) {
      if (attempt.server != each.server || attempt.is_over || attempt.answer) continue;
      attempt.context->cancel(attempt.ticket);
      attempt.is_over = true;
    }
  }
}

bool PendingLookup::has_attempts_left() const {
  return std::any_of(attempts_.begin(), attempts_.end(), [](const Attempt& each) { return !each.is_over; });
}

bool PendingLookup::is_inquiring() const {
  return std::any_of(inquiries_.begin(), inquiries_.end(), [](const Inquiry& each) { return !each.inquiry.result(); });
}

/// The failure of the first server that says anything is the question's.
void PendingLookup::give_up(Moment now) {
  lookup_.took = now - begun_;
  lookup_.result = LookupResult::Timeout;
  for (const Inquiry& each : inquiries_) {
    const auto result = each.inquiry.result();
    if (!result || *result == LookupResult::Unreachable || is_answer(*result)) continue;
    lookup_.result = *result;
    break;
  }
  const bool is_out_of_reach =
      std::all_of(servers_.begin(), servers_.end(), [](const ResolverServer& server) { return server.is_unreachable; });
  if (is_out_of_reach) lookup_.result = LookupResult::Unreachable;
  // A server whose answer libunbound makes nothing of (an endless chain of aliases) answers all the same.
  if (lookup_.result == LookupResult::Timeout && !has_attempts_left()) lookup_.result = LookupResult::ServFail;
  finish(now);
}

void PendingLookup::finish(Moment now) {
  if (std::exchange(is_done_, true)) return;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const auto inquiry =
        std::find_if(inquiries_.begin(), inquiries_.end(), [&](const Inquiry& each) { return each.server == i; });
    if (inquiry == inquiries_.end()) {
      if (servers_[i].is_unreachable) lookup_.asked.push_back({servers_[i].name(), LookupResult::Unreachable});
      continue;
    }
    const auto result = inquiry->inquiry.result();
    const bool says_the_same = i == answered_by_ && (!result || is_answer(*result));
    if (says_the_same || (!result && now < inquiry->inquiry.begun() + kOthers)) continue;
    lookup_.asked.push_back({servers_[i].name(), result.value_or(LookupResult::Timeout)});
  }
  for (Attempt& attempt : attempts_) {
    if (attempt.is_over || attempt.answer) continue;
    attempt.context->cancel(attempt.ticket);
    attempt.is_over = true;
  }
}

}  // namespace smtpath::io
