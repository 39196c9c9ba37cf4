#include "report/failures.h"

#include <algorithm>
#include <utility>

namespace smtpath::report {

namespace {

std::size_t size_of(const Failure& failure) {
  std::size_t size = sizeof(Failure) + failure.text.capacity();
  for (const std::string& note : failure.notes) size += sizeof(std::string) + note.capacity();
  return size;
}

}  // namespace

void Failures::add(const ConnectionReport& connection) {
  const session::Session& session = connection.session;
  Failure failure{.started = session.first,
                  .client = session.client,
                  .server = session.server,
                  .outcome = connection.verdict.outcome,
                  .stage = connection.verdict.stage,
                  .text = connection.verdict.text,
                  .notes = connection.verdict.notes};
  bytes_ += size_of(failure);
  kept_.push_back(std::move(failure));
  while (kept_.size() > most_ || (bytes_ > kMostBytes && kept_.size() > 1)) drop_oldest();
}

std::vector<Failure> Failures::sorted() const {
  std::vector<Failure> sorted(kept_.begin(), kept_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Failure& a, const Failure& b) { return a.started < b.started; });
  return sorted;
}

void Failures::drop_oldest() {
  bytes_ -= size_of(kept_.front());
  kept_.pop_front();
  ++left_out_;
}

}  // namespace smtpath::report
