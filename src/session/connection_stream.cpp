// The bytes of a connection: into order, past holes, and to whoever reads the talk.

#include <algorithm>

#include "session/connection.h"
#include "session/sequence.h"

namespace smtpath::session {

namespace {

using namespace std::chrono_literals;

/// Captures show packets of the two sides, and of the queues of one, in another order than they were sent. Acknowledged
/// bytes that are still not seen after this are not going to be.
constexpr Duration kPatience = 20ms;
constexpr std::uint32_t kPatientPackets = 8;
/// Over all connections.
constexpr std::size_t kMostKeptInAll = std::size_t{16} << 20U;

}  // namespace

void Connection::handle_stream(const Segment& segment, Common& common) {
  Reassembly& own = bytes_.of(segment.from);
  if (segment.tcp.payload_length > 0) {
    const Reassembly::Place place = own.place_of(segment);
    count_payload(segment, place);
    if (place == Reassembly::Place::Strange) {
      ++common.counters.strange_segments;
      return;
    }
    if (place == Reassembly::Place::Next && is_causal(segment.from, segment.tcp.acknowledgment)) {
      own.advance(segment.payload_end());
      deliver(segment.from, segment.tcp.payload, segment.tcp.payload_length, segment.at);
    } else if (ahead(segment.payload_end(), own.next()) > 0) {
      own.keep(segment, common.waiting);
    }
    own.note_sent(segment.payload_end());
  }
  if (segment.tcp.flags.fin && own.place_of(segment) != Reassembly::Place::Strange) handle_fin(segment);
  settle(segment.at, common);
}

void Connection::count_payload(const Segment& segment, Reassembly::Place place) {
  Stream& stream = streams_.of(segment.from);
  const Reassembly& own = bytes_.of(segment.from);
  if (place == Reassembly::Place::Strange) return;
  if (place == Reassembly::Place::Seen) {
    if (segment.tcp.payload_length == 1 && segment.payload_end() == own.sent_end()) {
      ++stream.keep_alives;
      return;
    }
    if (!own.is_before_capture(segment)) ++stream.retransmissions;
  } else if (own.is_late(segment)) {
    ++stream.out_of_order;
  }
  if (!stream.first_payload) stream.first_payload = segment.at;
  stream.last_payload = segment.at;
  if (!segment.tcp.flags.fin) flights_.of(segment.from).handle_sent(segment);
}

void Connection::handle_fin(const Segment& segment) {
  flights_.of(segment.from).handle_sent(segment);
  Stream& stream = streams_.of(segment.from);
  stream.has_finished = true;
  if (!stream.finished_at) stream.finished_at = segment.at;
  if (!first_fin_) first_fin_ = segment.from;
  bytes_.of(segment.from).note_fin(segment.payload_end());
}

bool Connection::is_causal(Side side, std::uint32_t acknowledgment) const {
  const Reassembly& heard = bytes_.of(other(side));
  return !heard.is_acknowledged_beyond_next() || ahead(acknowledgment, heard.next()) <= 0;
}

void Connection::settle(Time now, Common& common) {
  if (hole_) ++hole_->packets;
  deliver_waiting(common);
  settle_bounds(common);
  settle_acknowledged(now, common);
}

void Connection::settle_bounds(Common& common) {
  for (const Side side : {Side::Client, Side::Server}) {
    const Reassembly& bytes = bytes_.of(side);
    while (bytes.first_waiting() && (bytes.is_full() || common.waiting.kept > kMostKeptInAll)) {
      const std::uint32_t next = bytes.next();
      const std::uint32_t next_of_other = bytes_.of(other(side)).next();
      let_go(side, common);
      common.counters.given_up_bytes += bytes.next() - next + (bytes_.of(other(side)).next() - next_of_other);
      deliver_waiting(common);
    }
  }
}

void Connection::settle_acknowledged(Time now, Common& common) {
  for (const Side side : {Side::Client, Side::Server}) {
    while (!streams_.of(side).is_seen && is_anything_waiting() && has_acknowledged_hole(side) && let_go(side, common)) {
      deliver_waiting(common);
    }
  }
  const bool has_hole = has_acknowledged_hole(Side::Client) || has_acknowledged_hole(Side::Server);
  if (!has_hole || !is_anything_waiting()) {
    hole_.reset();
    return;
  }
  if (hole_ && now - hole_->since < kPatience && hole_->packets < kPatientPackets) return;
  if (hole_) {
    for (const Side side : {Side::Client, Side::Server}) {
      const std::uint32_t until = hole_->until.of(side);
      while (is_anything_waiting() && ahead(until, bytes_.of(side).next()) > 0 && let_go(side, common)) {
        deliver_waiting(common);
      }
    }
  }
  hole_ = Hole{.since = now, .until = {bytes_.client.acknowledged(), bytes_.server.acknowledged()}};
}

bool Connection::is_anything_waiting() const {
  return bytes_.client.first_waiting() || bytes_.server.first_waiting();
}

void Connection::deliver_waiting(Common& common) {
  if (!is_anything_waiting()) return;
  while (deliver_one(Side::Client, common) || deliver_one(Side::Server, common)) {
  }
}

bool Connection::is_next_waiting(Side side) const {
  const Piece* const first = bytes_.of(side).first_waiting();
  return first && ahead(first->begin, bytes_.of(side).next()) <= 0;
}

bool Connection::deliver_one(Side side, Common& common) {
  const Piece* const first = bytes_.of(side).first_waiting();
  if (first == nullptr || !is_next_waiting(side)) return false;
  // Both sides speak of bytes of the other's that nobody has seen: one of them has to be first.
  if (!is_causal(side, first->acknowledgment) && !is_next_waiting(other(side))) return false;
  deliver_first(side, common);
  return true;
}

void Connection::deliver_first(Side side, Common& common) {
  Reassembly& own = bytes_.of(side);
  const Piece piece = own.take(common.waiting);
  if (piece.length == 0) return;
  own.advance(piece.end());
  deliver(side, piece.bytes, piece.length, piece.at);
}

bool Connection::let_go(Side side, Common& common) {
  // What could be read if the other side's missing bytes were there waits for those.
  const bool is_causality_missing = is_next_waiting(side);
  if (give_up_hole(is_causality_missing ? other(side) : side)) return true;
  if (is_causality_missing) deliver_first(side, common);
  return is_causality_missing;
}

bool Connection::give_up_hole(Side side) {
  Reassembly& own = bytes_.of(side);
  const std::uint32_t next = own.next();
  std::uint32_t until = own.acknowledged();
  const Piece* const behind = own.first_waiting();
  if (behind && (ahead(until, next) <= 0 || ahead(behind->begin, until) < 0)) until = behind->begin;
  // No further than the other side had heard when it spoke.
  const Reassembly& heard = bytes_.of(other(side));
  const Piece* const answer = heard.first_waiting();
  if (answer && ahead(answer->begin, heard.next()) <= 0) {
    if (ahead(answer->acknowledgment, next) > 0 && ahead(answer->acknowledgment, until) < 0) {
      until = answer->acknowledgment;
    }
  }
  if (ahead(until, next) <= 0) return false;
  const bool is_acknowledged = ahead(own.acknowledged(), until) >= 0;
  own.advance(until);
  if (is_acknowledged) streams_.of(side).bytes_not_captured += until - next;
  note_missing(side, until - next);
  return true;
}

void Connection::note_end(Side side) {
  Reassembly& own = bytes_.of(side);
  const std::uint32_t end = own.end();
  // One byte that nobody saw is most likely a FIN.
  const bool is_fin_perhaps = !own.has_fin() && end - own.next() == 1;
  if (ahead(end, own.next()) <= 0 || is_fin_perhaps) return;
  if (ahead(own.acknowledged(), end) >= 0) streams_.of(side).bytes_not_captured += end - own.next();
  talk().note_gap(side, end - own.next());
  own.advance(end);
}

void Connection::deliver(Side side, std::span<const std::byte> bytes, std::uint32_t length, Time at) {
  const std::size_t left_out = std::min<std::size_t>(prelude_.of(side), bytes.size());
  prelude_.of(side) -= static_cast<std::uint32_t>(left_out);
  talk().handle(side, bytes.subspan(left_out), at);
  if (bytes.size() < length) note_missing(side, length - static_cast<std::uint32_t>(bytes.size()));
}

void Connection::note_missing(Side side, std::uint32_t missing) {
  Stream& stream = streams_.of(side);
  if (stream.is_seen) ++stream.gaps;
  talk().note_gap(side, missing);
}

}  // namespace smtpath::session
