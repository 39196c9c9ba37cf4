#pragma once

// One connection while it is open: every segment and ICMP error of it goes in, in capture order; a Session comes out.
// It knows nothing of other connections, and not when it is over.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "session/flight.h"
#include "session/reassembly.h"
#include "session/recent_frames.h"
#include "session/segment.h"
#include "session/talk.h"
#include "smtpath/session/observer.h"
#include "smtpath/session/session.h"

namespace smtpath::session {

/// What all connections share.
struct Common {
  Counters counters;
  Waiting waiting;
};

/// How far a connection has come, which says how long its silence is borne.
enum class Progress : std::uint8_t {
  Opening,
  Open,
  /// Reset, or finished by both sides without the last acknowledgment.
  Broken,
  Closed,
};

class Connection {
 public:
  Connection(Endpoint client, Endpoint server, Time first);

  /// Before the first segment: so many bytes of each side are no part of the dialogue.
  void leave_out(const Both<std::uint32_t>& prelude) { prelude_ = prelude; }
  void handle(const Segment& segment, Common& common);
  void handle_icmp(const IcmpNote& note);

  /// Whether a SYN of the client's belongs to this connection, as its first or as a repetition.
  bool is_syn_of_this(std::uint32_t sequence) const;
  /// Whether a SYN-ACK may belong to this connection.
  bool is_syn_ack_of_this(const Segment& segment) const;
  /// Whether a side may have sent a segment with this number.
  bool may_have_sent(Side side, std::uint32_t sequence) const;

  Progress progress() const;
  const Endpoint& client() const { return client_; }
  Time first() const { return first_; }
  Time last() const { return last_; }
  /// Nothing answered but with a reset or an ICMP error.
  bool is_turned_down() const;

  /// After the last segment: all that waits is read, holes or not, and told.
  Session finish(Common& common);

 private:
  /// What most connections never have.
  struct Extras {
    std::vector<Reset> resets;
    Both<std::uint32_t> reset_count;
    std::vector<IcmpNote> icmp;
    std::uint32_t icmp_count = 0;
  };

  void handle_syn(const Segment& segment);
  void handle_syn_ack(const Segment& segment);
  void handle_reset(const Segment& segment);
  Phase phase() const;
  void handle_acknowledgment(const Segment& segment);
  void handle_stream(const Segment& segment, Common& common);
  void handle_fin(const Segment& segment);
  void begin_midway(const Segment& segment);
  void note_after_resets(const Segment& segment);
  void count_payload(const Segment& segment, Reassembly::Place place);

  bool is_causal(Side side, std::uint32_t acknowledgment) const;
  void deliver_waiting(Common& common);
  bool deliver_one(Side side, Common& common);
  bool is_next_waiting(Side side) const;
  void deliver_first(Side side, Common& common);
  bool has_acknowledged_hole(Side side) const { return bytes_.of(side).is_acknowledged_beyond_next(); }
  void settle(Time now, Common& common);
  void settle_bounds(Common& common);
  void settle_acknowledged(Time now, Common& common);
  bool is_anything_waiting() const;
  void note_end(Side side);
  /// Each returns whether anything was read on by it: no, where nothing is known to be missing.
  bool let_go(Side side, Common& common);
  bool give_up_hole(Side side);
  void deliver(Side side, std::span<const std::byte> bytes, std::uint32_t length, Time at);
  void note_missing(Side side, std::uint32_t missing);
  void tell_streams(Session& session) const;

  Talk& talk();
  Extras& extras();

  Endpoint client_;
  Endpoint server_;
  Time first_;
  Time last_;

  std::uint32_t syn_sent_ = 0;
  std::uint32_t syn_acks_ = 0;
  std::uint32_t client_isn_ = 0;
  std::uint32_t server_isn_ = 0;
  /// Of the last SYN-ACK that differs.
  std::optional<std::uint32_t> other_isn_;
  /// SYNs before the last SYN-ACK.
  std::uint32_t answered_syns_ = 0;
  bool has_two_answerers_ = false;
  struct Syn {
    Time at;
    Ttl ttl;
  };
  /// The first of them.
  std::vector<Syn> syns_;
  Time last_syn_;
  std::optional<Time> answered_syn_;
  std::optional<Duration> handshake_;
  std::optional<Duration> server_round_trip_;
  bool is_established_ = false;
  bool is_half_open_ = false;
  /// A reset came, and nobody has talked since.
  bool is_reset_ = false;
  std::optional<Side> first_fin_;

  Both<Stream> streams_;
  Both<Reassembly> bytes_;
  Both<std::uint32_t> prelude_;
  Both<Flight> flights_;
  RecentFrames recent_;
  /// Since when bytes that were acknowledged are missing, up to where, and how many packets came since.
  struct Hole {
    Time since;
    Both<std::uint32_t> until;
    std::uint32_t packets = 0;
  };
  std::optional<Hole> hole_;

  std::unique_ptr<Talk> talk_;
  std::unique_ptr<Extras> extras_;
};

}  // namespace smtpath::session
