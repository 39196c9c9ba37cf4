#include "session/flight.h"

#include <algorithm>

#include "session/sequence.h"

namespace smtpath::session {

void Flight::handle_sent(const Segment& segment) {
  const std::uint32_t begin = segment.payload_begin();
  const std::uint32_t end = segment.payload_end() + (segment.tcp.flags.fin ? 1U : 0U);
  const std::uint32_t size = segment.tcp.payload_length;
  for (std::size_t i = 0; i < count_; ++i) {
    Sent& sent = sent_[i];
    if (ahead(begin, sent.end) >= 0) continue;
    // What begins within the sum of later segments, or before all, repeats nothing that is told apart here.
    if (begin != sent.begin) return;
    ++sent.times;
    sent.last = segment.at;
    return;
  }
  if (count_ == kKept) {
    Sent& rest = sent_.back();
    rest.end = end;
    rest.largest = std::max(rest.largest, size);
    rest.last = segment.at;
    return;
  }
  sent_[count_++] = {
      .begin = begin, .end = end, .size = size, .largest = size, .times = 1, .first = segment.at, .last = segment.at};
}

void Flight::handle_acknowledged(std::uint32_t acknowledgment) {
  while (count_ > 0 && ahead(acknowledgment, sent_.front().end) >= 0) forget_oldest();
  if (count_ == 0 || ahead(acknowledgment, sent_.front().begin) <= 0) return;
  Sent& oldest = sent_.front();
  const std::uint32_t acknowledged = acknowledgment - oldest.begin;
  largest_acknowledged_ = std::max(largest_acknowledged_, std::min(acknowledged, oldest.size));
  const bool is_sum = oldest.end - oldest.begin > oldest.size + 1;
  oldest.begin = acknowledgment;
  oldest.size = std::min(oldest.largest, oldest.end - acknowledgment);
  if (!is_sum) return;
  // Which of the later segments is the oldest now, and when it was sent, was not kept: no earlier than the first of
  // them.
  oldest.times = 1;
}

void Flight::forget_oldest() {
  largest_acknowledged_ = std::max(largest_acknowledged_, sent_.front().largest);
  std::move(sent_.begin() + 1, sent_.begin() + count_, sent_.begin());
  --count_;
}

std::optional<Outstanding> Flight::oldest() const {
  if (count_ == 0) return std::nullopt;
  const Sent& oldest = sent_.front();
  return Outstanding{
      .size = oldest.size, .times_sent = oldest.times, .first_sent = oldest.first, .last_sent = oldest.last};
}

std::uint32_t Flight::largest_in_flight() const {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < count_; ++i) largest = std::max(largest, sent_[i].largest);
  return largest;
}

}  // namespace smtpath::session
