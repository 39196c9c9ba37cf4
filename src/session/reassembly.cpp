#include "session/reassembly.h"

#include <algorithm>
#include <span>
#include <utility>

#include "session/sequence.h"

namespace smtpath::session {

namespace {

/// No window is larger than 1 GiB (RFC 7323 section 2.3), few are than this.
constexpr std::int32_t kFarthest = std::int32_t{1} << 26;
constexpr std::int32_t kFarFromFirst = std::int32_t{1} << 30;
constexpr std::size_t kMostKept = std::size_t{1} << 20U;
constexpr std::size_t kMostPieces = 1024;

}  // namespace

/// Of a segment: from `begin` to `end`.
struct Reassembly::Part {
  const Segment& segment;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::span<const std::byte> bytes() const {
    const std::span<const std::byte> all = segment.tcp.payload;
    const std::size_t from = std::min<std::size_t>(begin - segment.payload_begin(), all.size());
    return all.subspan(from, std::min<std::size_t>(end - begin, all.size() - from));
  }
};

void Reassembly::begin(std::uint32_t first) {
  if (!is_assumed_ || ahead(first, acknowledged_) > 0) acknowledged_ = first;
  is_begun_ = true;
  is_assumed_ = false;
  next_ = first;
  first_ = first;
  sent_end_ = first;
}

void Reassembly::assume(std::uint32_t first) {
  begin(first);
  is_assumed_ = true;
}

bool Reassembly::is_acknowledged_beyond_next() const {
  return ahead(acknowledged_, next_) > 0;
}

bool Reassembly::is_fin_acknowledged() const {
  return has_fin_ && ahead(acknowledged_, fin_at_) > 0;
}

Reassembly::Place Reassembly::place_of(const Segment& segment) const {
  const std::uint32_t begin = segment.payload_begin();
  const std::int32_t lead = ahead(begin, next_);
  if (lead > kFarthest && ahead(begin, acknowledged_) > kFarthest) return Place::Strange;
  if (lead < -kFarthest) return Place::Strange;
  const std::uint32_t end = segment.payload_end();
  if (ahead(end, next_) <= 0) return Place::Seen;
  if (!first_waiting()) return lead == 0 ? Place::Next : Place::New;
  std::uint32_t unseen = lead < 0 ? next_ : begin;
  for (const Piece& piece : *pieces_) {
    if (ahead(piece.begin, unseen) > 0) break;
    if (ahead(piece.end(), unseen) > 0) unseen = piece.end();
  }
  return ahead(end, unseen) <= 0 ? Place::Seen : Place::New;
}

bool Reassembly::is_before_capture(const Segment& segment) const {
  return ahead(segment.payload_begin(), first_) < 0;
}

bool Reassembly::is_late(const Segment& segment) const {
  return ahead(segment.payload_end(), sent_end_) <= 0;
}

void Reassembly::note_sent(std::uint32_t end) {
  if (ahead(end, sent_end_) > 0) sent_end_ = end;
}

void Reassembly::note_fin(std::uint32_t at) {
  has_fin_ = true;
  fin_at_ = at;
  note_sent(at + 1);
  advance(next_);
}

void Reassembly::note_acknowledged(std::uint32_t acknowledgment) {
  if (ahead(acknowledgment, acknowledged_) <= 0 || ahead(acknowledgment, sent_end_) > kFarthest) return;
  acknowledged_ = acknowledgment;
}

void Reassembly::advance(std::uint32_t end) {
  if (ahead(end, first_) > kFarFromFirst) first_ = end - kFarFromFirst / 2;
  next_ = end;
  if (has_fin_ && next_ == fin_at_) ++next_;
  note_sent(next_);
}

void Reassembly::keep(const Segment& segment, Waiting& waiting) {
  if (!pieces_) pieces_ = std::make_unique<std::deque<Piece>>();
  const std::uint32_t end = segment.payload_end();
  std::uint32_t unseen = ahead(segment.payload_begin(), next_) < 0 ? next_ : segment.payload_begin();
  auto place = pieces_->begin();
  if (!pieces_->empty() && ahead(unseen, pieces_->back().end()) >= 0) place = pieces_->end();
  for (; place != pieces_->end() && ahead(end, unseen) > 0; ++place) {
    if (ahead(unseen, place->end()) >= 0) continue;
    if (ahead(place->begin, unseen) > 0) {
      const std::uint32_t until = ahead(end, place->begin) < 0 ? end : place->begin;
      const auto index = place - pieces_->begin();
      insert(place, {segment, unseen, until}, waiting);
      place = pieces_->begin() + index + 1;
      unseen = until;
      if (place == pieces_->end() || ahead(end, unseen) <= 0) break;
    }
    const std::uint32_t until = ahead(end, place->end()) < 0 ? end : place->end();
    const Part again{segment, unseen, until};
    const std::span<const std::byte> first = std::span<const std::byte>(place->bytes);
    const std::size_t offset = std::min<std::size_t>(unseen - place->begin, first.size());
    const std::size_t common = std::min(again.bytes().size(), first.size() - offset);
    if (!std::equal(first.begin() + static_cast<std::ptrdiff_t>(offset),
                    first.begin() + static_cast<std::ptrdiff_t>(offset + common), again.bytes().begin())) {
      waiting.disagreeing += common;
    }
    unseen = until;
  }
  if (ahead(end, unseen) > 0) insert(pieces_->end(), {segment, unseen, end}, waiting);
}

void Reassembly::insert(const std::deque<Piece>::const_iterator& place, const Part& part, Waiting& waiting) {
  const std::span<const std::byte> bytes = part.bytes();
  const auto piece = pieces_->insert(place, {.begin = part.begin,
                                             .length = part.end - part.begin,
                                             .acknowledgment = part.segment.tcp.acknowledgment,
                                             .at = part.segment.at,
                                             .bytes = {bytes.begin(), bytes.end()}});
  kept_ += piece->cost();
  waiting.kept += piece->cost();
}

Piece Reassembly::take(Waiting& waiting) {
  Piece piece = std::move(pieces_->front());
  pieces_->pop_front();
  kept_ -= piece.cost();
  waiting.kept -= piece.cost();
  if (pieces_->empty()) pieces_.reset();
  const std::int32_t seen = std::min(ahead(next_, piece.begin), static_cast<std::int32_t>(piece.length));
  if (seen > 0) {
    const std::size_t cut = std::min<std::size_t>(static_cast<std::uint32_t>(seen), piece.bytes.size());
    piece.bytes.erase(piece.bytes.begin(), piece.bytes.begin() + static_cast<std::ptrdiff_t>(cut));
    piece.begin += static_cast<std::uint32_t>(seen);
    piece.length -= static_cast<std::uint32_t>(seen);
  }
  return piece;
}

bool Reassembly::is_full() const {
  return kept_ > kMostKept || (pieces_ && pieces_->size() > kMostPieces);
}

void Reassembly::clear(Waiting& waiting) {
  waiting.kept -= kept_;
  kept_ = 0;
  pieces_.reset();
}

}  // namespace smtpath::session
