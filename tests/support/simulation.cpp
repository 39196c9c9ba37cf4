#include "support/simulation.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"
#include "support/syn_arrivals.h"

namespace smtpath::test {

namespace {

Frame raw_frame(Time time, std::span<const std::byte> packet) {
  return {.time = time,
          .link = LinkType::Raw,
          .bytes = packet,
          .original_length = static_cast<std::uint32_t>(packet.size()),
          .refused = {}};
}

// One run: the tracer, what it knows, and the network between them.
class Driver {
 public:
  Driver(const path::Plan& plan, Network& network, const probing::TracerOptions& options, Recording recording)
      : network_(network), recording_(recording), tracer_(plan, 0, options, kStart), observer_(plan) {}

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
  // Moves on to what happens next; false: nothing does, or not in time.
  bool step() {
    const auto event = network_.next_event();
    const auto timeout = tracer_.next_timeout();
    if (!event && !timeout) return false;
    const bool is_event = event && (!timeout || *event <= *timeout);
    if (!advance_to(is_event ? *event : *timeout)) return false;
    if (!is_event) {
      tracer_.handle_timeout(now_, observer_.trace(0));
      transmit();
    } else if (const auto delivery = network_.advance()) {
      receive(delivery->packet);
    }
    return true;
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
        network_.send(now_, *packet);
        is_new |= show(*packet);
      }
      if (is_new) tracer_.handle_packet(now_, observer_.trace(0));
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

  // Whether the frame told something new.
  bool show(std::span<const std::byte> packet) {
    ++frames_seen_;
    if (recording_ == Recording::On) frames_.push_back({.time = now_, .bytes = {packet.begin(), packet.end()}});
    return observer_.handle_frame(raw_frame(now_, packet)).has_value();
  }

  Network& network_;
  Recording recording_;
  probing::Tracer tracer_;
  path::Observer observer_;
  Time now_ = kStart;
  int steps_at_once_ = 0;
  std::size_t probes_ = 0;
  std::uint64_t frames_seen_ = 0;
  std::vector<RecordedFrame> frames_;
};

}  // namespace

Frame RecordedFrame::frame() const {
  return raw_frame(time, bytes);
}

std::size_t Simulation::syns_at_server(Port port) const {
  return count_syns(syn_arrivals, port);
}

std::size_t Simulation::peak_syns_a_second(Port port) const {
  return test::peak_syns_a_second(syn_arrivals, port);
}

Simulation run(const path::Plan& plan, Network& network, const probing::TracerOptions& options, Recording recording) {
  return Driver(plan, network, options, recording).run();
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
  plan.targets.push_back({.address = path.target(), .source = path.client, .ports = std::move(ports)});
  return plan;
}

}  // namespace smtpath::test
