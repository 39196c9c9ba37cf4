// traceroute -T at work, from a client five routers before the server, as in the lab's scenarios of the same names.

#include <chrono>
#include <optional>
#include <vector>

#include "make_captures_cast.h"
#include "support/framing.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr int kRouters = 5;
constexpr int kServerHop = kRouters + 1;
constexpr int kTries = 3;
constexpr int kFilterHop = 3;
constexpr Duration kHopTime = 2ms;
constexpr Duration kBetweenProbes = 15ms;
constexpr std::uint8_t kLinuxTtl = 64;

/// What the filter at hop 3 does to the port asked, behind its TTL check.
enum class Filter { None, Drops, Resets };

struct Trace {
  std::uint16_t port = 25;
  Filter filter = Filter::None;
  int last_ttl = kServerHop;
  Time begins = kMorning;
  std::uint16_t first_source_port = 43'000;
};

class Traceroute {
 public:
  explicit Traceroute(Recording& recording) : recording_(recording) {}

  /// Each TTL three times, each time from another port, as traceroute -T has it.
  void run(const Trace& trace) {
    Time now = trace.begins;
    std::uint16_t source_port = trace.first_source_port;
    for (int ttl = 1; ttl <= trace.last_ttl; ++ttl) {
      for (int attempt = 0; attempt < kTries; ++attempt, now += kBetweenProbes) {
        probe(trace, {.at = now, .ttl = ttl, .source_port = source_port++});
      }
    }
  }

 private:
  struct Probe {
    Time at;
    int ttl = 1;
    std::uint16_t source_port = 0;
  };

  void probe(const Trace& trace, const Probe& probe) {
    const wire::TcpSegment syn = syn_of(trace, probe);
    const Bytes packet = tcp_packet(
        {.source = client_, .destination = server_, .ttl = Ttl{} + probe.ttl, .identification = identification_++},
        syn);
    recording_.add({.at = probe.at, .bytes = packet, .is_outgoing = true});
    const bool meets_filter = probe.ttl > kFilterHop && trace.filter != Filter::None;
    if (meets_filter && trace.filter == Filter::Resets) {
      answer(probe.at, kFilterHop, syn, {.rst = true, .ack = true});
    } else if (!meets_filter && probe.ttl >= kServerHop) {
      answer(probe.at, kServerHop, syn, {.syn = true, .ack = true});
    } else if (!meets_filter) {
      expire(probe, packet);
    }
  }

  static wire::TcpSegment syn_of(const Trace& trace, const Probe& probe) {
    constexpr std::uint32_t kSpread = 0x9e3779b1;
    constexpr std::uint16_t kWindow = 5'840;
    constexpr std::uint16_t kMss = 1'460;
    return {.source_port = Port{probe.source_port},
            .destination_port = Port{trace.port},
            .sequence = kSpread * probe.source_port,
            .flags = {.syn = true},
            .window = kWindow,
            .options = {.mss = kMss,
                        .window_scale = std::uint8_t{2},
                        .sack_permitted = true,
                        .timestamps = wire::TcpTimestamps{kSpread ^ probe.source_port, 0}}};
  }

  void expire(const Probe& probe, const Bytes& packet) {
    constexpr std::uint8_t kTimeExceeded = 11;
    const Ttl left = Ttl{kLinuxTtl} - (probe.ttl - 1);
    recording_.add({.at = probe.at + kHopTime * probe.ttl,
                    .bytes = icmp_error_packet({.source = router(probe.ttl), .destination = client_, .ttl = left},
                                               {.type = kTimeExceeded, .original = packet})});
  }

  /// In the server's name, from so many hops away. To an accepting server this host's kernel answers with a reset.
  void answer(Time asked, int hop, const wire::TcpSegment& syn, const wire::TcpFlags& flags) {
    constexpr std::uint16_t kWindow = 65'160;
    constexpr std::uint16_t kMss = 1'460;
    constexpr std::uint32_t kServerSpread = 0x85ebca6b;
    const bool accepts = flags.syn;
    wire::TcpSegment segment{.source_port = syn.destination_port,
                             .destination_port = syn.source_port,
                             .sequence = accepts ? kServerSpread * syn.source_port.number : 0,
                             .acknowledgment = syn.sequence + 1,
                             .flags = flags,
                             .window = accepts ? kWindow : std::uint16_t{0}};
    if (accepts) {
      segment.options = {.mss = kMss, .window_scale = std::uint8_t{7}, .sack_permitted = true};
      segment.options.timestamps = wire::TcpTimestamps{kServerSpread, syn.options.timestamps->value};
    }
    const Time at = asked + kHopTime * hop;
    recording_.add(
        {.at = at,
         .bytes = tcp_packet(
             {.source = server_, .destination = client_, .ttl = Ttl{kLinuxTtl} - (hop - 1), .dont_fragment = true},
             segment)});
    if (!accepts) return;
    recording_.add(
        {.at = at + 30us,
         .bytes = tcp_packet({.source = client_, .destination = server_, .ttl = Ttl{kLinuxTtl}, .dont_fragment = true},
                             {.source_port = syn.source_port,
                              .destination_port = syn.destination_port,
                              .sequence = syn.sequence + 1,
                              .flags = {.rst = true}}),
         .is_outgoing = true});
  }

  static IpAddress router(int hop) {
    return hop == 1 ? address("192.0.2.1") : address("198.51.100." + std::to_string(hop));
  }

  Recording& recording_;
  IpAddress client_ = address("192.0.2.10");
  IpAddress server_ = address("203.0.113.25");
  std::uint16_t identification_ = 0x4d00;
};

/// The port that is troubled, then two others, which agree on how far the server is.
Recording three_traces(Filter filter, int last_ttl) {
  constexpr std::uint16_t kSecondSourcePort = 43'100;
  constexpr std::uint16_t kThirdSourcePort = 43'200;
  Recording recording;
  Traceroute traceroute(recording);
  traceroute.run({.filter = filter, .last_ttl = last_ttl});
  traceroute.run({.port = 587, .begins = kMorning + 20s, .first_source_port = kSecondSourcePort});
  traceroute.run({.port = 465, .begins = kMorning + 30s, .first_source_port = kThirdSourcePort});
  return recording;
}

}  // namespace

Samples trace_samples() {
  constexpr int kLongest = 10;
  return {pcap_sample("open", three_traces(Filter::None, kServerHop)),
          pcap_sample("drop-after-at-3", three_traces(Filter::Drops, kLongest)),
          pcap_sample("rst-forged-after-at-3", three_traces(Filter::Resets, kFilterHop + 1))};
}

}  // namespace smtpath::test
