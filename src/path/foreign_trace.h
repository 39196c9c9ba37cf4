#pragma once

// What may turn out to be somebody's trace: the SYNs of one host to one port of another, or its echo requests, that had
// a low TTL, and every reply that proves to answer one of them. How the tool numbers its probes is its own affair: one
// leaves from a new port each time, another keeps the whole tuple and changes the IP ID.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

/// Who asks whom. Port 0: by echo requests.
struct Asking {
  IpAddress source;
  IpAddress destination;
  Port port;
  friend bool operator==(const Asking&, const Asking&) = default;
};

struct AskingHash {
  std::size_t operator()(const Asking& asking) const noexcept;
};

/// What a SYN bears that its answers bring back: source port and sequence number. Of an echo request, its identifier
/// and sequence number.
struct Token {
  std::uint16_t port = 0;
  std::uint32_t sequence = 0;
  friend bool operator==(const Token&, const Token&) = default;
};

struct TokenHash {
  std::size_t operator()(const Token& token) const noexcept {
    return std::hash<std::uint64_t>{}(std::uint64_t{token.port} << 32U | token.sequence);
  }
};

class ForeignTrace {
 public:
  /// Fresh: all probes had one TTL. Rising: they had several. Expiring: and routers said that their time had ended.
  enum class Standing : std::uint8_t { Fresh, Rising, Expiring };

  explicit ForeignTrace(Asking asking) : asking_(asking) {}

  /// The same packet on another interface, or a hop further on, means nothing.
  void note_probe(Time now, const wire::Packet& packet, const Token& token, std::optional<std::uint32_t> timestamp);
  void note_answer(Time now, const wire::Packet& packet, const wire::TcpSegment& segment);
  void note_echo_reply(Time now, const wire::Packet& packet, const wire::Echo& echo);
  void note_error(Time now, const wire::Packet& packet, const wire::IcmpError& error, const Token& quoted);

  const Asking& asking() const { return asking_; }
  std::size_t probes() const { return probes_; }
  /// Probes and replies.
  std::size_t kept() const { return probes_ + replies_; }
  Standing standing() const;
  /// When the first and the last probe were seen; only when there are any.
  Time first() const { return first_; }
  Time last() const { return last_; }
  Ttl highest() const { return highest_; }
  bool left_from(Port source_port) const;
  std::vector<Token> tokens() const;

  /// It looks like one that a tool made, seen where it began or on its way.
  bool is_trace() const;

  /// One for each source port, probes numbered anew, in the order in which they left.
  std::vector<FlowTrace> flows() const;
  /// All probes as those of one flow.
  FlowTrace merged() const;

 private:
  /// Of one probe, beside the token.
  struct Mark {
    std::uint16_t identification = 0;
    std::optional<std::uint32_t> timestamp;
    Time last_seen;
    Ttl lowest;
  };
  /// Probes with one token.
  struct SentFlow {
    Token token;
    FlowTrace trace;
    /// By the number of the probe, less 1.
    std::vector<Mark> marks;
  };

  SentFlow* flow_with(const Token& token);
  bool is_seen_again(SentFlow& flow, Time now, const Mark& mark);
  void keep_reply(Reply reply, Probe* probe, SentFlow& flow);
  void note_ttl(Ttl ttl);
  bool climbs() const;

  Asking asking_;
  std::vector<SentFlow> flows_;
  std::unordered_map<Token, std::size_t, TokenHash> index_;
  std::size_t probes_ = 0;
  std::size_t replies_ = 0;
  Time first_;
  Time last_;
  Ttl highest_;
  /// In the order in which they were first seen.
  std::vector<Ttl> ttls_;
  /// Those at which a router said that time had ended.
  std::set<Ttl> expired_;
  /// Those that drew a final answer or an echo reply.
  std::set<Ttl> answered_;
};

}  // namespace smtpath::path
