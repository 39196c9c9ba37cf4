#include "probing/echo_task.h"

#include "probing/elicit_search.h"
#include "smtpath/path/port_path.h"

namespace smtpath::probing {

namespace {

constexpr int kTries = 3;
/// An echo is not called unanswered sooner.
constexpr Duration kLeastSilence = std::chrono::seconds(1);
constexpr std::uint8_t kSlot = 0;

}  // namespace

void EchoTask::plan(const Situation& situation) {
  wake_.reset();
  if (ledger_.is_empty()) {
    knock();
    return;
  }
  const path::PortPath& path = situation.echo;
  ledger_.note_answers(path);
  if (path.answer()) {
    const ElicitStep step = next_elicit_step(path, ledger_, situation, max_ttl_);
    if (step.kind == ElicitStep::Kind::Ask) {
      for (int i = 0; i < step.probes; ++i) ledger_.ask(kSlot, step.ttl);
    }
  } else if (ledger_.silent_at(max_ttl_, situation.now, situation.patience) == tries_ && tries_ < kTries) {
    knock();
  }
  wake_ = ledger_.next_expiry(situation.now, situation.patience);
  // What answers quickly in the host's name may be nearer than the host.
  const Time earliest = ledger_.first_sent().value_or(situation.now) + kLeastSilence;
  const bool is_early = !path.answer() && ledger_.silent_at(max_ttl_, situation.now, situation.patience) == tries_ &&
                        situation.now < earliest;
  if (is_early && !wake_) wake_ = earliest;
  is_settled_ = !is_early && !ledger_.has_open(situation.now, situation.patience);
}

void EchoTask::repeat(int count, const Situation& situation) {
  if (!situation.echo.answer()) return;
  for (; count > 0; --count) ledger_.ask(kSlot, max_ttl_);
  is_settled_ = false;
}

void EchoTask::knock() {
  ++tries_;
  ledger_.ask(kSlot, max_ttl_);
}

}  // namespace smtpath::probing
