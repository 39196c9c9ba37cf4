#include "support/simulation.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <variant>

#include "smtpath/path/nowhere.h"
#include "smtpath/wire/decode.h"
#include "support/syn_arrivals.h"

namespace smtpath::test {

namespace {

// What handing a packet to the kernel takes: packets leave one after another.
constexpr Duration kSendTime = std::chrono::microseconds(5);

// One run: the tracer, what it knows, and the network between them.
class Driver {
 public:
  Driver(const path::Plan& plan, Network& network, const probing::TracerOptions& options, Recording recording,
         const ThisHost& host)
      : network_(network), recording_(recording), host_(host), tracer_(plan, 0, options, kStart), observer_(plan) {}

  Simulation run() {
    transmit();
    while (!tracer_.finished() && step()) continue;
    const CaptureStatistics statistics{.received = frames_seen_, .dropped = 0};
    observer_.finish(now_, statistics);
    return {.observer = std::move(observer_),
            .finished = tracer_.finished(),
            .probes = probes_,
            .start = kStart,
            .end = now_,
            .statistics = statistics,
            .syn_arrivals = network_.syn_arrivals(),
            .frames = std::move(frames_)};
  }

 private:
  // Something that this host finds out about packets of its own.
  struct Finding {
    RecordedFrame frame;
    /// The packet leaves when that is found out.
    bool is_sent = false;
  };

  // Moves on to what happens next; false: nothing does, or not in time.
  bool step() {
    const auto event = earlier(network_.next_event(), next_finding());
    const auto timeout = tracer_.next_timeout();
    if (!event && !timeout) return false;
    const bool is_event = event && (!timeout || *event <= *timeout);
    if (!advance_to(is_event ? *event : *timeout)) return false;
    if (!is_event) {
      tracer_.handle_timeout(now_, observer_.trace(0));
      transmit();
    } else if (next_finding() == event) {
      find_out();
    } else if (const auto delivery = network_.advance()) {
      receive(delivery->packet);
    }
    return true;
  }

  static std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
  }

  std::optional<Time> next_finding() const {
    if (findings_.empty()) return {};
    return findings_.begin()->first;
  }

  void find_out() {
    Finding finding = std::move(findings_.extract(findings_.begin()).mapped());
    finding.frame.time = now_;
    if (finding.is_sent) network_.send(now_, finding.frame.bytes);
    if (!show(finding.frame.frame())) return;
    tracer_.handle_packet(now_, observer_.trace(0));
    transmit();
  }

  bool advance_to(Time time) {
    constexpr int kMostStepsAtOnce = 10'000;
    steps_at_once_ = time > now_ ? 0 : steps_at_once_ + 1;
    now_ = std::max(now_, time);
    return now_ - kStart <= kPatience && steps_at_once_ <= kMostStepsAtOnce;
  }

  void transmit() {
    bool is_new = true;
    while (is_new) {
      is_new = false;
      while (const auto packet = tracer_.poll_transmit(now_)) {
        ++probes_;
        is_new |= hand_over(*packet);
        now_ += kSendTime;
      }
      if (is_new) tracer_.handle_packet(now_, observer_.trace(0));
    }
  }

  // To this host's kernel; whether that told something new at once.
  bool hand_over(std::span<const std::byte> packet) {
    switch (fate_of(packet)) {
      case ThisHost::Fate::Leaves:
        network_.send(now_, packet);
        return show(packet);
      case ThisHost::Fate::Refused:
        return show({.time = now_,
                     .link = LinkType::Raw,
                     .bytes = packet,
                     .original_length = static_cast<std::uint32_t>(packet.size()),
                     .refused = host_.refusal});
      case ThisHost::Fate::Swallowed:
        give_up(packet);
        return false;
      case ThisHost::Fate::Waits:
        await_next_hop(packet);
        return false;
    }
    return false;
  }

  ThisHost::Fate fate_of(std::span<const std::byte> packet) const {
    if (!host_.fate_of) return ThisHost::Fate::Leaves;
    const ThisHost::Fate fate = host_.fate_of(std::get<wire::Packet>(wire::decode(LinkType::Raw, packet)));
    const bool is_found = host_.next_hop_found && now_ >= kStart + *host_.next_hop_found;
    return fate == ThisHost::Fate::Waits && is_found ? ThisHost::Fate::Leaves : fate;
  }

  void give_up(std::span<const std::byte> packet) {
    findings_.emplace(now_ + kUnseenAfter,
                      Finding{.frame = {.time = {}, .bytes = {packet.begin(), packet.end()}, .is_unseen = true}});
  }

  void await_next_hop(std::span<const std::byte> packet) {
    const Time found = kStart + host_.next_hop_found.value_or(Duration::max() / 2);
    if (found > now_ + kUnseenAfter) give_up(packet);
    if (found > now_ + kNeighborGivenUp) {
      findings_.emplace(
          now_ + kNeighborGivenUp,
          Finding{.frame = {.time = {}, .bytes = unreachable_on_loopback(packet), .link = LinkType::LinuxSll2}});
    } else {
      findings_.emplace(found,
                        Finding{.frame = {.time = {}, .bytes = {packet.begin(), packet.end()}}, .is_sent = true});
    }
  }

  void receive(std::span<const std::byte> packet) {
    bool is_new = show(packet);
    if (const auto answer = kernel_answer(packet)) {
      network_.send(now_, *answer);
      is_new |= show(*answer);
    }
    if (!is_new) return;
    tracer_.handle_packet(now_, observer_.trace(0));
    transmit();
  }

  bool show(std::span<const std::byte> packet) {
    return show({.time = now_,
                 .link = LinkType::Raw,
                 .bytes = packet,
                 .original_length = static_cast<std::uint32_t>(packet.size()),
                 .refused = {}});
  }

  // Whether the frame told something new.
  bool show(const Frame& frame) {
    ++frames_seen_;
    if (recording_ == Recording::On) {
      frames_.push_back({.time = frame.time,
                         .bytes = {frame.bytes.begin(), frame.bytes.end()},
                         .link = frame.link,
                         .refused = frame.refused,
                         .is_unseen = frame.is_unseen});
    }
    return observer_.handle_frame(frame).has_value();
  }

  Network& network_;
  Recording recording_;
  const ThisHost& host_;
  probing::Tracer tracer_;
  path::Observer observer_;
  Time now_ = kStart;
  int steps_at_once_ = 0;
  std::size_t probes_ = 0;
  std::uint64_t frames_seen_ = 0;
  std::vector<RecordedFrame> frames_;
  std::multimap<Time, Finding> findings_;
};

}  // namespace

Frame RecordedFrame::frame() const {
  return {.time = time,
          .link = link,
          .bytes = bytes,
          .original_length = static_cast<std::uint32_t>(bytes.size()),
          .refused = refused,
          .is_unseen = is_unseen};
}

std::size_t Simulation::syns_at_server(Port port) const {
  return count_syns(syn_arrivals, port);
}

std::size_t Simulation::peak_syns_a_second(Port port) const {
  return test::peak_syns_a_second(syn_arrivals, port);
}

Simulation run(const path::Plan& plan, Network& network, const probing::TracerOptions& options, Recording recording,
               const ThisHost& host) {
  return Driver(plan, network, options, recording, host).run();
}

// RFC 9293 section 3.10.7.1: the acknowledgment becomes the sequence number, and no ACK is set.
std::optional<Bytes> kernel_answer(std::span<const std::byte> packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const auto* const arrived = std::get_if<wire::Packet>(&decoded);
  const auto* const segment = arrived == nullptr ? nullptr : std::get_if<wire::TcpSegment>(&arrived->payload);
  if (segment == nullptr || segment->flags.rst || !segment->flags.ack) return {};
  wire::IpHeader header;
  header.source = arrived->ip.destination;
  header.destination = arrived->ip.source;
  header.ttl = Ttl{64};
  header.dont_fragment = header.source.is_ipv4();
  wire::TcpSegment answer;
  answer.source_port = segment->destination_port;
  answer.destination_port = segment->source_port;
  answer.sequence = segment->acknowledgment;
  answer.flags.rst = true;
  return tcp_packet(header, answer);
}

path::Plan plan_for(const NetworkPath& path, std::vector<path::PortPlan> ports) {
  constexpr std::uint16_t kFirstSourcePort = 40001;
  constexpr std::uint16_t kSourcePorts = 16;
  path::Plan plan;
  plan.key.fill(std::byte{0x5a});
  for (std::uint16_t slot = 0; slot < kSourcePorts; ++slot) {
    plan.source_ports.push_back(Port{static_cast<std::uint16_t>(kFirstSourcePort + slot)});
  }
  const std::array used{path.target(), path.client};
  plan.targets.push_back({.address = path.target(),
                          .source = path.client,
                          .ports = std::move(ports),
                          .nowhere = path::nowhere_address(plan.key, path.target(), used)});
  return plan;
}

}  // namespace smtpath::test
