#pragma once

// What the trace of one target says of one port: how far its probes were seen to come, and where its final answer
// begins. Asker and judge read the same view. A view is read off the trace once, points into it and is gone when that
// changes.

#include <array>
#include <bitset>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

/// So many probes of one TTL without an answer make its silence a fact and not a loss.
inline constexpr int kSilentTries = 3;

/// A router that said so itself, by a time exceeded of its own.
struct SeenHop {
  Ttl ttl;
  IpAddress address;
  friend bool operator==(const SeenHop&, const SeenHop&) = default;
};

/// An interface saw the probe leave.
bool has_left(const Probe& probe);

/// The hop at which a probe died that drew this ICMP error: each hop before took one off its TTL.
Ttl died_at(const Probe& probe, const Reply& reply);

/// SYN-ACK or RST.
constexpr bool is_tcp_answer(ReplyKind kind) {
  return kind == ReplyKind::SynAck || kind == ReplyKind::Rst;
}

/// SYN-ACK, RST or ICMP unreachable: an answer after which nothing more comes.
bool is_final(ReplyKind kind);

/// The final answer to the least TTL that drew one.
struct Answer {
  const Reply* reply = nullptr;
  const Probe* probe = nullptr;
  const FlowTrace* flow = nullptr;
  /// The least TTL that drew it. For an unreachable the quoted TTL may show it to lie below every TTL that was tried.
  Ttl elicit;
  /// The TTL right below is known not to draw it: a router answered there, or kSilentTries probes found silence.
  bool is_pinned = false;

  /// A rule of this host gave it: the loopback interface showed it, and its probe was never sent that way.
  bool is_of_this_host() const {
    return reply->is_on_loopback && (!probe->is_on_loopback || probe->redirected_to.has_value());
  }
};

/// The probes of one flow of the port, and its fate.
struct FlowFate {
  const FlowTrace* flow = nullptr;
  /// The final answer of this flow to its least TTL that drew one; null: none.
  const Reply* reply = nullptr;
  /// Absent where the answer names no probe.
  std::optional<Ttl> elicit;
};

class PortPath {
 public:
  /// The flows of `trace` that go to `port`. `trace` must outlive the view.
  PortPath(const PathTrace& trace, Port port);
  /// The same view of the echo requests, whose final answer is the echo reply.
  static PortPath of_echo(const PathTrace& trace);

  /// The same view of some of these flows alone.
  PortPath of_flows(std::vector<const FlowTrace*> flows) const;

  const IpAddress& target() const { return target_; }
  Port port() const { return port_; }
  std::span<const FlowTrace* const> flows() const { return flows_; }

  bool was_probed() const;
  /// The errno with which this host's kernel refused every probe; absent: it let one go.
  std::optional<int> refusal() const;
  /// Probes were sent, and the kernel took them, and no interface saw any leave.
  bool is_unseen() const;
  /// When the first and the last probe left; absent: none did.
  std::optional<std::pair<Time, Time>> sent_between() const;
  /// Probes that left this host with this TTL.
  int probes_at(Ttl ttl) const;
  /// Probes that left this host with this TTL or more.
  int probes_from(Ttl ttl) const;

  /// The farthest router that these probes drew a time exceeded from; absent: none. The target itself is no router.
  std::optional<SeenHop> farthest_router() const;
  /// Every router that answered, by rising TTL; several at one TTL where the path splits.
  const std::vector<SeenHop>& routers() const { return routers_; }
  /// The first that answered at this TTL.
  std::optional<SeenHop> router_at(Ttl ttl) const;

  /// The greatest TTL below `bound` at which a probe's time ended, whoever said so; 0: none.
  Ttl last_expired_below(Ttl bound) const;
  /// The least TTL at which the target itself said that a probe's time ended: it passes the port on.
  std::optional<Ttl> own_time_exceeded() const { return own_expiry_; }

  /// The least TTL at which an error quotes a probe as bound for another address: translated on the way.
  std::optional<Ttl> translated_by() const { return translated_by_; }

  /// Unreachables that are contradicted are none.
  const std::optional<Answer>& answer() const { return answer_; }
  /// The answer of this kind, SYN-ACK or RST, to the least TTL that drew one in the target's name.
  std::optional<Answer> answer_by(ReplyKind kind) const;
  /// Packets that an unreachable says to have been turned back went on: somebody forges errors to this port.
  bool are_errors_contradicted() const { return are_errors_contradicted_; }
  /// The same if it bears the target's address and did not come from a rule of this host.
  std::optional<Answer> answer_of_target() const;
  /// Final answers came that name no probe.
  bool has_unattributed_answer() const;
  std::vector<FlowFate> fates() const;

  /// Of every reply; absent: there was none.
  std::optional<Duration> longest_round_trip() const { return longest_round_trip_; }

 private:
  static constexpr std::size_t kTtls = 256;

  PortPath(const IpAddress& target, Port port, std::vector<const FlowTrace*> flows, bool is_echo);

  bool is_final_here(const Probe& probe, const Reply& reply) const;
  int expiries_that_tell(const std::array<int, kTtls>& expired) const;
  int probes_answered_from(Ttl ttl) const;
  void read(const FlowTrace& flow, const Probe& probe, const Reply& reply);
  void note_time_exceeded(const Probe& probe, const Reply& reply);
  bool is_pinned_at(Ttl elicit) const;

  IpAddress target_;
  Port port_;
  std::vector<const FlowTrace*> flows_;
  bool is_echo_ = false;
  std::vector<SeenHop> routers_;
  /// The least TTL at which the target itself said that time ended.
  std::optional<Ttl> own_expiry_;
  /// TTLs whose probes ended, and drew no final answer.
  std::bitset<kTtls> expiries_;
  bool are_errors_contradicted_ = false;
  std::optional<Ttl> translated_by_;
  std::optional<Answer> answer_;
  std::optional<Duration> longest_round_trip_;
};

}  // namespace smtpath::path
