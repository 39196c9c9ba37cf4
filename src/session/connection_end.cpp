// How a connection is turned down or cut, and what is told of it in the end.

#include <utility>

#include "session/connection.h"
#include "session/sequence.h"

namespace smtpath::session {

namespace {

constexpr std::size_t kMostResets = 8;
constexpr std::size_t kMostIcmp = 8;

Reset as_captured(const Segment& segment) {
  Reset reset;
  reset.from = segment.from;
  reset.at = segment.at;
  reset.ttl = segment.ip.ttl;
  reset.identification = segment.ip.identification;
  reset.dont_fragment = segment.ip.dont_fragment;
  reset.has_ack = segment.tcp.flags.ack;
  reset.window = segment.tcp.window;
  reset.has_timestamps = segment.tcp.options.timestamps.has_value();
  reset.payload_length = segment.tcp.payload_length;
  return reset;
}

}  // namespace

void Connection::handle_reset(const Segment& segment) {
  const Side from = segment.from;
  const Stream& own = streams_.of(from);
  const Stream& peer = streams_.of(other(from));
  Extras& known = extras();
  ++known.reset_count.of(from);
  is_reset_ = true;
  if (from == Side::Client && syn_acks_ > 0 && !is_established_) is_half_open_ = true;
  if (known.resets.size() == kMostResets) return;
  Reset& reset = known.resets.emplace_back(as_captured(segment));
  reset.phase = phase();
  reset.sender_ttl = own.last_ttl;
  reset.sender_identification = own.last_identification;
  reset.sender_was_seen = own.is_seen;
  const wire::TcpSegment& tcp = segment.tcp;
  const Reassembly& sent = bytes_.of(from);
  const Reassembly& heard = bytes_.of(other(from));
  if (sent.is_begun()) reset.sequence_offset = ahead(tcp.sequence, sent.sent_end());
  if (tcp.flags.ack && heard.is_begun()) reset.acknowledgment_offset = ahead(tcp.acknowledgment, heard.sent_end());
  if (peer.last_packet) reset.after_other = segment.at - *peer.last_packet;
  if (own.last_packet) reset.after_own = segment.at - *own.last_packet;
  if (talk_) reset.last_asked = talk_->last_asked();
}

Phase Connection::phase() const {
  if (first_fin_) return Phase::AfterFin;
  if (streams_.client.first_payload || streams_.server.first_payload) return Phase::Mid;
  if (is_established_) return Phase::BeforeData;
  return syn_sent_ > 0 || syn_acks_ > 0 ? Phase::Handshake : Phase::Mid;
}

void Connection::note_after_resets(const Segment& segment) {
  if (segment.tcp.flags.rst) return;
  const bool is_talk = segment.tcp.payload_length > 0 || segment.tcp.flags.syn || segment.tcp.flags.fin;
  if (is_talk) is_reset_ = false;
  for (Reset& reset : extras_->resets) {
    if (reset.from != segment.from) continue;
    if (reset.packets_after++ == 0) reset.first_after = segment.at - reset.at;
    if (is_talk) ++reset.talk_after;
  }
}

void Connection::handle_icmp(const IcmpNote& note) {
  Extras& known = extras();
  last_ = note.at;
  ++known.icmp_count;
  for (const IcmpNote& seen : known.icmp) {
    if (seen.type == note.type && seen.code == note.code && seen.from == note.from && seen.about == note.about) return;
  }
  if (known.icmp.size() == kMostIcmp) return;
  known.icmp.push_back(note);
  known.icmp.back().is_before_answer = syn_acks_ == 0 && !streams_.server.is_seen;
}

Session Connection::finish(Common& common) {
  deliver_waiting(common);
  for (const Side side : {Side::Client, Side::Server}) {
    while (bytes_.of(side).first_waiting()) {
      let_go(side, common);
      deliver_waiting(common);
    }
  }
  note_end(Side::Client);
  note_end(Side::Server);
  Session session;
  session.client = client_;
  session.server = server_;
  session.first = first_;
  session.last = last_;
  session.syn_sent = syn_sent_;
  for (const Syn& syn : syns_) {
    session.syn_times.push_back(syn.at);
    session.syn_ttls.push_back(syn.ttl);
  }
  session.syn_acks = syn_acks_;
  session.is_established = is_established_;
  session.handshake = handshake_;
  session.server_round_trip = server_round_trip_;
  session.is_half_open = is_half_open_;
  session.has_two_answerers = has_two_answerers_;
  session.first_fin = first_fin_;
  if (extras_) {
    session.resets = std::move(extras_->resets);
    session.reset_count = extras_->reset_count;
    session.icmp = std::move(extras_->icmp);
    session.icmp_count = extras_->icmp_count;
  }
  tell_streams(session);
  if (talk_) talk_->tell(session);
  return session;
}

void Connection::tell_streams(Session& session) const {
  session.streams = streams_;
  for (const Side side : {Side::Client, Side::Server}) {
    Stream& stream = session.streams.of(side);
    stream.outstanding = flights_.of(side).oldest();
    stream.largest_acknowledged = flights_.of(side).largest_acknowledged();
    stream.largest_unacknowledged = flights_.of(side).largest_in_flight();
    const bool is_absent = streams_.of(side).packets == 0;
    if (is_absent && bytes_.of(side).is_begun()) session.is_one_sided = true;
  }
}

}  // namespace smtpath::session
