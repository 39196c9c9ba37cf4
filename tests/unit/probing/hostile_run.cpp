#include "unit/probing/hostile_run.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int between(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  bool one_in(int count) { return between(1, count) == 1; }

 private:
  std::mt19937_64 random_;
};

Ttl any_ttl(Dice& dice) {
  return Ttl{static_cast<std::uint8_t>(dice.between(0, 255))};
}

IpAddress any_router(Dice& dice) {
  return IpAddress::v4(
      std::array{std::byte{10}, std::byte{0}, std::byte{0}, static_cast<std::byte>(dice.between(1, 9))});
}

Bytes forged_tcp(const wire::Packet& probe, const wire::TcpSegment& syn, Dice& dice) {
  wire::TcpSegment answer{.source_port = syn.destination_port,
                          .destination_port = syn.source_port,
                          .sequence = 1,
                          .acknowledgment = syn.sequence + 1,
                          .flags = {.syn = dice.one_in(2), .rst = dice.one_in(3), .ack = true}};
  if (dice.one_in(2)) {
    const auto off = static_cast<std::uint32_t>(dice.between(-1, 1));
    answer.options.timestamps = {.value = 1, .echo = syn.options.timestamps->value + off};
  }
  return tcp_packet({.source = probe.ip.destination, .destination = probe.ip.source, .ttl = any_ttl(dice)}, answer);
}

Bytes forged_error(const wire::Packet& probe, std::span<const std::byte> bytes, Dice& dice) {
  const bool is_unreachable = dice.one_in(3);
  const IpAddress from = dice.one_in(6) ? probe.ip.destination : any_router(dice);
  return icmp_error_packet({.source = from, .destination = probe.ip.source, .ttl = any_ttl(dice)},
                           {.type = static_cast<std::uint8_t>(is_unreachable ? 3 : 11),
                            .code = static_cast<std::uint8_t>(is_unreachable ? dice.between(0, 13) : 0),
                            .original = bytes,
                            .quoted_ttl = dice.one_in(2) ? Ttl{1} : any_ttl(dice),
                            .quoted_bytes = static_cast<std::size_t>(dice.between(28, 60))});
}

Bytes forged_reply(std::span<const std::byte> bytes, Dice& dice) {
  const auto decoded = wire::decode(LinkType::Raw, bytes);
  const wire::Packet& probe = std::get<wire::Packet>(decoded);
  if (dice.one_in(2)) return forged_error(probe, bytes, dice);
  if (const auto* syn = std::get_if<wire::TcpSegment>(&probe.payload)) return forged_tcp(probe, *syn, dice);
  wire::Echo echo = std::get<wire::Echo>(probe.payload);
  echo.is_reply = true;
  return echo_packet({.source = probe.ip.destination, .destination = probe.ip.source, .ttl = any_ttl(dice)}, echo);
}

class HostileDriver {
 public:
  HostileDriver(const path::Plan& plan, const probing::TracerOptions& options, const Responder& responder,
                std::optional<int> refusal)
      : responder_(responder), refusal_(refusal), tracer_(plan, 0, options, kStart), observer_(plan) {}

  HostileRun run() {
    constexpr int kMostSteps = 20'000;
    constexpr Duration kLongest = std::chrono::minutes(10);
    transmit();
    for (int steps = 0; !tracer_.finished() && steps < kMostSteps && now_ - kStart < kLongest; ++steps) {
      if (!step()) break;
    }
    return {.finished = tracer_.finished(), .duration = now_ - kStart, .probes = probes_, .trace = observer_.trace(0)};
  }

 private:
  bool step() {
    const auto timeout = tracer_.next_timeout();
    if (!timeout && arriving_.empty()) return false;
    if (!arriving_.empty() && (!timeout || arriving_.begin()->first <= *timeout)) {
      now_ = std::max(now_, arriving_.begin()->first);
      const Bytes packet = std::move(arriving_.begin()->second);
      arriving_.erase(arriving_.begin());
      if (show(packet, {})) tracer_.handle_packet(now_, observer_.trace(0));
    } else {
      now_ = std::max(now_, *timeout);
      tracer_.handle_timeout(now_, observer_.trace(0));
    }
    transmit();
    return true;
  }

  void transmit() {
    constexpr std::size_t kMostProbes = 5000;
    bool is_new = true;
    while (is_new && probes_ < kMostProbes) {
      is_new = false;
      while (const auto packet = tracer_.poll_transmit(now_)) {
        ++probes_;
        is_new |= show(*packet, refusal_);
        if (refusal_) continue;
        for (LateFrame& late : responder_(*packet)) arriving_.emplace(now_ + late.after, std::move(late.packet));
      }
      if (is_new) tracer_.handle_packet(now_, observer_.trace(0));
    }
  }

  bool show(std::span<const std::byte> packet, std::optional<int> refused) {
    return observer_
        .handle_frame({.time = now_,
                       .link = LinkType::Raw,
                       .bytes = packet,
                       .original_length = static_cast<std::uint32_t>(packet.size()),
                       .refused = refused})
        .has_value();
  }

  const Responder& responder_;
  std::optional<int> refusal_;
  probing::Tracer tracer_;
  path::Observer observer_;
  std::multimap<Time, Bytes> arriving_;
  Time now_ = kStart;
  std::size_t probes_ = 0;
};

}  // namespace

HostileRun run_against(const path::Plan& plan, const probing::TracerOptions& options, const Responder& responder,
                       std::optional<int> refusal) {
  return HostileDriver(plan, options, responder, refusal).run();
}

Responder random_replies(std::uint64_t seed) {
  const auto dice = std::make_shared<Dice>(seed);
  const int mute = dice->between(1, 6);
  const int slowest = dice->one_in(3) ? 4000 : 200;
  return [dice, mute, slowest](std::span<const std::byte> probe) {
    std::vector<LateFrame> replies;
    if (!dice->one_in(mute)) return replies;
    for (int count = dice->between(1, 3); count > 0; --count) {
      replies.push_back(
          {.after = std::chrono::milliseconds(dice->between(0, slowest)), .packet = forged_reply(probe, *dice)});
    }
    return replies;
  };
}

}  // namespace smtpath::test
