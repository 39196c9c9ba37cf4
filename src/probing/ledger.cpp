#include "probing/ledger.h"

#include <algorithm>
#include <cassert>

namespace smtpath::probing {

namespace {

bool is_open(const Asked& asked, Time now, Duration patience) {
  return !asked.sent || (!asked.is_answered && *asked.sent + patience > now);
}

/// An error that says nothing leaves the probe to be waited for.
bool is_told_of(const path::Probe& probe, const path::PortPath& path) {
  return std::any_of(probe.replies.begin(), probe.replies.end(), [&](const path::Reply& reply) {
    return reply.kind != path::ReplyKind::Unreachable || !path.are_errors_contradicted();
  });
}

}  // namespace

void Ledger::ask(std::uint8_t slot, Ttl ttl) {
  assert(slot < kMaxSlots);
  asked_.push_back({.slot = slot, .ttl = ttl, .sent = {}, .number = 0, .is_answered = false});
}

void Ledger::note_answers(const path::PortPath& path) {
  // What leaves after all may still be answered.
  const bool does_none_leave = path.is_unseen();
  for (const path::FlowTrace* flow : path.flows()) {
    const auto& sent = numbered_.at(flow->slot);
    for (const path::Probe& probe : flow->probes) {
      if (probe.number == 0 || probe.number > sent.size()) continue;
      asked_[sent[probe.number - 1U]].is_answered = is_told_of(probe, path) || probe.refused || does_none_leave;
    }
  }
}

std::vector<Time> Ledger::sent_from(Ttl ttl) const {
  std::vector<Time> times;
  for (const Asked& asked : asked_) {
    if (asked.sent && asked.ttl >= ttl) times.push_back(*asked.sent);
  }
  return times;
}

std::optional<std::uint8_t> Ledger::fresh_slot(std::size_t slots) const {
  std::size_t fresh = 0;
  for (const Asked& asked : asked_) fresh = std::max(fresh, asked.slot + std::size_t{1});
  if (fresh >= std::min(slots, kMaxSlots)) return std::nullopt;
  return static_cast<std::uint8_t>(fresh);
}

std::optional<std::uint8_t> Ledger::slot_of_only(Ttl ttl, std::size_t slots) const {
  std::array<int, kMaxSlots> asked_so{};
  std::array<int, kMaxSlots> asked_otherwise{};
  for (const Asked& asked : asked_) ++(asked.ttl == ttl ? asked_so : asked_otherwise).at(asked.slot);
  for (std::size_t slot = 0; slot < kMaxSlots; ++slot) {
    if (asked_so.at(slot) > 0 && asked_otherwise.at(slot) == 0) return static_cast<std::uint8_t>(slot);
  }
  return fresh_slot(slots);
}

const Asked* Ledger::next_waiting() const {
  return next_waiting_ < asked_.size() ? &asked_[next_waiting_] : nullptr;
}

const Asked& Ledger::send_next(Time now) {
  assert(next_waiting_ < asked_.size());
  Asked& asked = asked_[next_waiting_];
  auto& sent = numbered_.at(asked.slot);
  sent.push_back(next_waiting_++);
  asked.sent = now;
  asked.number = static_cast<std::uint16_t>(sent.size());
  return asked;
}

std::optional<Time> Ledger::first_sent() const {
  return asked_.empty() ? std::nullopt : asked_.front().sent;
}

std::optional<Time> Ledger::last_sent() const {
  return next_waiting_ == 0 ? std::nullopt : asked_[next_waiting_ - 1].sent;
}

bool Ledger::has_open(Time now, Duration patience) const {
  return std::any_of(asked_.begin(), asked_.end(), [&](const Asked& asked) { return is_open(asked, now, patience); });
}

bool Ledger::is_open_at(Ttl ttl, Time now, Duration patience) const {
  return std::any_of(asked_.begin(), asked_.end(),
                     [&](const Asked& asked) { return asked.ttl == ttl && is_open(asked, now, patience); });
}

std::optional<Time> Ledger::next_expiry(Time now, Duration patience) const {
  std::optional<Time> next;
  for (const Asked& asked : asked_) {
    if (!asked.sent || !is_open(asked, now, patience)) continue;
    const Time expiry = *asked.sent + patience;
    if (!next || expiry < *next) next = expiry;
  }
  return next;
}

int Ledger::asked_at(Ttl ttl) const {
  return static_cast<int>(
      std::count_if(asked_.begin(), asked_.end(), [&](const Asked& asked) { return asked.ttl == ttl; }));
}

bool Ledger::was_asked(std::uint8_t slot, Ttl ttl) const {
  return std::any_of(asked_.begin(), asked_.end(),
                     [&](const Asked& asked) { return asked.slot == slot && asked.ttl == ttl; });
}

int Ledger::silent_at(Ttl ttl, Time now, Duration patience) const {
  return static_cast<int>(std::count_if(asked_.begin(), asked_.end(), [&](const Asked& asked) {
    return asked.ttl == ttl && !asked.is_answered && !is_open(asked, now, patience);
  }));
}

}  // namespace smtpath::probing
