#pragma once

// Observes whole TCP connections to mail ports in decoded packets, from a capture or live: joins segments, ICMP errors
// and the dialogue of each, within bounds. It asks nothing and judges nothing. Feed it every packet in capture order,
// take the sessions that ended, then call finish() and take the rest.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/session/session.h"
#include "smtpath/wire/packet.h"

namespace smtpath::session {

struct Options {
  /// A connection to or from one of these is followed; when both ends are, the SYN tells (or the lower port).
  std::vector<Port> mail_ports{Port{25}, Port{465}, Port{587}, Port{2525}};
  /// On other ports a connection is followed once its server greets as SMTP does.
  bool recognises_greetings = true;
  /// Past this many the longest quiet are given up, as Ending::Evicted.
  std::size_t most_open = 100'000;
};

struct Counters {
  /// Segments of followed connections, and all other TCP.
  std::uint64_t segments = 0;
  std::uint64_t other_segments = 0;
  std::uint64_t icmp_errors = 0;
  /// Quote no connection that is followed.
  std::uint64_t strange_icmp_errors = 0;
  std::uint64_t evicted = 0;
  /// Numbered far before or ahead of what their sender may send: counted as packets, otherwise left alone.
  std::uint64_t strange_segments = 0;
  /// Bytes that came in disorder, past the bound on what is kept for that.
  std::uint64_t given_up_bytes = 0;
  /// Bytes that were sent again with other contents, as far as the first were still at hand. The first count.
  std::uint64_t disagreeing_bytes = 0;
  /// Connections on other ports that were forgotten before they showed what they are, since there were too many.
  std::uint64_t forgotten_newcomers = 0;
};

class Observer {
 public:
  explicit Observer(const Options& options);
  Observer(Observer&&) noexcept;
  Observer& operator=(Observer&&) noexcept;
  ~Observer();

  /// `now` never goes back: pass the latest time seen so far where a capture's clock does.
  void handle_packet(Time now, const wire::Packet& packet);

  /// The next that has ended, in the order of ending; none when none is left.
  std::optional<Session> poll_ended();

  /// After the last packet: what is open ends as Ending::CaptureEnded, the oldest first.
  void finish(Time end);

  const Counters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::session
