#include "session/connection.h"

#include <utility>

#include "session/sequence.h"
#include "session/stream_facts.h"

namespace smtpath::session {

namespace {

constexpr std::size_t kMostSyns = 8;

}  // namespace

Connection::Connection(Endpoint client, Endpoint server, Time first)
    : client_(client), server_(server), first_(first), last_(first) {}

void Connection::handle(const Segment& segment, Common& common) {
  last_ = segment.at;
  Stream& stream = streams_.of(segment.from);
  if (recent_.is_repeated(segment)) {
    ++stream.duplicate_frames;
    return;
  }
  if (extras_) note_after_resets(segment);
  if (segment.tcp.flags.rst) {
    handle_reset(segment);
  } else {
    note_header(stream, segment);
    if (segment.tcp.flags.syn) segment.tcp.flags.ack ? handle_syn_ack(segment) : handle_syn(segment);
    if (!bytes_.of(segment.from).is_begun() || bytes_.of(segment.from).is_assumed()) begin_midway(segment);
    if (segment.tcp.flags.ack) handle_acknowledgment(segment);
  }
  ++stream.packets;
  stream.last_packet = segment.at;
  if (segment.tcp.flags.rst) return;
  stream.payload_bytes += segment.tcp.payload_length;
  handle_stream(segment, common);
}

void Connection::handle_syn(const Segment& segment) {
  const std::uint32_t isn = segment.tcp.sequence;
  if (segment.from == Side::Server) {
    // Both sides open at once (RFC 9293 section 3.5).
    bytes_.server.begin(isn + 1);
    return;
  }
  if (syn_sent_ == 0) {
    client_isn_ = isn;
    bytes_.client.begin(isn + 1);
  }
  ++syn_sent_;
  last_syn_ = segment.at;
  if (syns_.size() < kMostSyns) syns_.push_back({segment.at, segment.ip.ttl});
}

void Connection::handle_syn_ack(const Segment& segment) {
  const std::uint32_t isn = segment.tcp.sequence;
  ++syn_acks_;
  if (syn_acks_ == 1) {
    server_isn_ = isn;
    bytes_.of(segment.from).begin(isn + 1);
    if (syn_sent_ > 0) {
      answered_syn_ = last_syn_;
      server_round_trip_ = segment.at - last_syn_;
    }
  } else if (isn != server_isn_) {
    other_isn_ = isn;
    has_two_answerers_ = has_two_answerers_ || (syn_sent_ > 0 && syn_sent_ == answered_syns_);
  }
  answered_syns_ = syn_sent_;
}

void Connection::begin_midway(const Segment& segment) {
  Reassembly& own = bytes_.of(segment.from);
  const std::uint32_t begin = segment.payload_begin();
  // A keep-alive repeats a byte, or goes where one was (RFC 9293 section 3.8.4).
  const bool is_keep_alive = own.is_begun() && begin + 1 == own.next() && segment.tcp.payload_length <= 1;
  own.begin(is_keep_alive ? begin + 1 : begin);
}

void Connection::handle_acknowledgment(const Segment& segment) {
  const Side acknowledged = other(segment.from);
  const std::uint32_t acknowledgment = segment.tcp.acknowledgment;
  if (segment.from == Side::Client && syn_acks_ > 0 && !is_established_ && !segment.tcp.flags.syn) {
    if (other_isn_ && acknowledgment == *other_isn_ + 1) bytes_.server.begin(*other_isn_ + 1);
    if (ahead(acknowledgment, bytes_.server.next()) >= 0) {
      is_established_ = true;
      if (answered_syn_) handshake_ = segment.at - *answered_syn_;
    }
  }
  Reassembly& bytes = bytes_.of(acknowledged);
  if (!bytes.is_begun()) bytes.assume(acknowledgment);
  bytes.note_acknowledged(acknowledgment);
  flights_.of(acknowledged).handle_acknowledged(acknowledgment);
  if (bytes.is_fin_acknowledged()) streams_.of(acknowledged).is_finish_acknowledged = true;
}

bool Connection::is_syn_of_this(std::uint32_t sequence) const {
  if (syn_sent_ > 0) return sequence == client_isn_;
  // Captured behind its answer.
  return syn_acks_ > 0 && !is_established_ && bytes_.client.is_begun() && bytes_.client.next() == sequence + 1;
}

bool Connection::is_syn_ack_of_this(const Segment& segment) const {
  if (syn_sent_ > 0) return true;
  if (syn_acks_ == 0) return !streams_.client.is_seen && !streams_.server.is_seen;
  return segment.tcp.sequence == server_isn_ || segment.tcp.acknowledgment == bytes_.client.next();
}

bool Connection::may_have_sent(Side side, std::uint32_t sequence) const {
  constexpr std::int32_t kLate = std::int32_t{1} << 20;
  const Reassembly& bytes = bytes_.of(side);
  if (!bytes.is_begun() || (side == Side::Server && other_isn_ == sequence)) return true;
  return ahead(sequence, bytes.sent_end()) <= 0 && ahead(sequence, bytes.next()) > -kLate;
}

Progress Connection::progress() const {
  if (streams_.client.has_finished && streams_.server.has_finished) {
    const bool is_over = streams_.client.is_finish_acknowledged && streams_.server.is_finish_acknowledged;
    return is_over ? Progress::Closed : Progress::Broken;
  }
  const bool is_answered = is_established_ || syn_acks_ > 0 || syn_sent_ == 0;
  if (is_reset_) return is_answered ? Progress::Broken : Progress::Opening;
  if (extras_ && extras_->reset_count.client + extras_->reset_count.server > 0) return Progress::Opening;
  const bool is_handshake = (syn_sent_ > 0 || syn_acks_ > 0) && !is_established_;
  const bool has_talk = streams_.client.first_payload || streams_.server.first_payload;
  return is_handshake && !has_talk ? Progress::Opening : Progress::Open;
}

bool Connection::is_turned_down() const {
  return extras_ && syn_acks_ == 0 && syn_sent_ > 0 && (is_reset_ || !extras_->icmp.empty());
}

Talk& Connection::talk() {
  if (!talk_) talk_ = std::make_unique<Talk>(syn_sent_ > 0 || syn_acks_ > 0);
  return *talk_;
}

Connection::Extras& Connection::extras() {
  if (!extras_) extras_ = std::make_unique<Extras>();
  return *extras_;
}

}  // namespace smtpath::session
