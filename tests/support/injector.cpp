#include "support/injector.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "io/socket_address.h"
#include "smtpath/wire/decode.h"
#include "support/dice.h"
#include "support/lab_socket.h"
#include "support/packets.h"

namespace smtpath::test {

namespace {

constexpr Port kSmtp{25};
constexpr int kMostNumber = 0x7fff'ffff;

/// A SYN that came by.
struct Heard {
  const wire::Packet& packet;
  const wire::TcpSegment& syn;
  const Bytes& bytes;
};

class Crafter {
 public:
  explicit Crafter(std::uint64_t seed) : dice_(seed) {}

  Dice& dice() { return dice_; }

  std::vector<Bytes> craft(Craft craft, const Heard& heard) {
    switch (craft) {
      case Craft::Reset:
        return {reset(heard, Ttl{64})};
      case Craft::ResetOf61:
        return {reset(heard, Ttl{61})};
      case Craft::ResetOf128:
        return {reset(heard, Ttl{128})};
      case Craft::ResetOf255:
        return {reset(heard, Ttl{255})};
      case Craft::ResetOfCopiedTtl:
        return {reset(heard, heard.packet.ip.ttl)};
      case Craft::Resets:
        return {reset(heard, any_ttl()), reset(heard, any_ttl()), reset(heard, any_ttl())};
      case Craft::BareReset:
        return {ignored_reset(heard, static_cast<std::uint32_t>(dice_.between(0, 1)), false)};
      case Craft::ResetOfSequence:
        return {ignored_reset(heard, 0, true)};
      case Craft::SynAck:
        return {syn_ack(heard, false)};
      case Craft::OddSynAck:
        return {syn_ack(heard, true)};
      case Craft::Unreachable:
      case Craft::AlteredUnreachable:
        return {error(heard, is_ipv4(heard) ? 3 : 1, craft == Craft::AlteredUnreachable)};
      case Craft::TimeExceeded:
      case Craft::AlteredTimeExceeded:
        return {error(heard, is_ipv4(heard) ? 11 : 3, craft == Craft::AlteredTimeExceeded)};
    }
    return {};
  }

 private:
  static bool is_ipv4(const Heard& heard) { return heard.packet.ip.source.is_ipv4(); }
  Ttl any_ttl() { return Ttl{static_cast<std::uint8_t>(dice_.between(40, 255))}; }
  std::uint32_t any_number() { return static_cast<std::uint32_t>(dice_.between(0, kMostNumber)); }

  static wire::IpHeader back(const Heard& heard, const IpAddress& from, Ttl ttl) {
    wire::IpHeader ip;
    ip.source = from;
    ip.destination = heard.packet.ip.source;
    ip.ttl = ttl;
    return ip;
  }

  static wire::TcpSegment answer_to(const Heard& heard) {
    wire::TcpSegment answer;
    answer.source_port = heard.syn.destination_port;
    answer.destination_port = heard.syn.source_port;
    answer.acknowledgment = heard.syn.sequence + 1;
    answer.flags.ack = true;
    return answer;
  }

  static Bytes reset(const Heard& heard, Ttl ttl) {
    wire::TcpSegment answer = answer_to(heard);
    answer.flags.rst = true;
    return tcp_packet(back(heard, heard.packet.ip.destination, ttl), answer);
  }

  Bytes ignored_reset(const Heard& heard, std::uint32_t beyond, bool has_ack) {
    wire::TcpSegment answer = answer_to(heard);
    answer.flags.rst = true;
    answer.flags.ack = has_ack;
    answer.acknowledgment = heard.syn.sequence + beyond;
    return tcp_packet(back(heard, heard.packet.ip.destination, Ttl{64}), answer);
  }

  Bytes syn_ack(const Heard& heard, bool is_odd) {
    wire::TcpSegment answer = answer_to(heard);
    answer.flags.syn = true;
    answer.sequence = any_number();
    answer.window = is_odd ? static_cast<std::uint16_t>(dice_.between(0, 1)) : std::uint16_t{65535};
    answer.options = {.mss = 1400, .sack_permitted = true, .timestamps = heard.syn.options.timestamps};
    if (answer.options.timestamps) std::swap(answer.options.timestamps->echo, answer.options.timestamps->value);
    if (is_odd) make_odd(answer.options);
    return tcp_packet(back(heard, heard.packet.ip.destination, is_odd ? any_ttl() : Ttl{64}), answer);
  }

  void make_odd(wire::TcpOptions& options) {
    if (dice_.chance(0.5)) options.mss = static_cast<std::uint16_t>(dice_.between(0, 1));
    if (dice_.chance(0.5)) options.window_scale = static_cast<std::uint8_t>(dice_.between(15, 255));
    if (dice_.chance(0.3)) options.timestamps.reset();
    if (!options.timestamps || dice_.chance(0.5)) return;
    // Another probe's, one never sent, or none at all.
    const std::array echoes{options.timestamps->echo - 1, options.timestamps->echo + 1, any_number(), std::uint32_t{0}};
    options.timestamps->echo = dice_.one_of(echoes);
  }

  Bytes error(const Heard& heard, std::uint8_t type, bool is_altered) {
    constexpr std::array kNoHops{"198.51.100.7", "198.51.100.99", "198.51.100.201"};
    constexpr std::array kNoHopsV6{"2001:db8:bad::7", "2001:db8:bad::99", "2001:db8:bad::201"};
    const IpAddress no_hop = *IpAddress::parse(dice_.one_of(is_ipv4(heard) ? kNoHops : kNoHopsV6));
    const IpAddress from = dice_.chance(0.5) ? no_hop : heard.packet.ip.destination;
    Bytes original = heard.bytes;
    for (int changes = is_altered ? dice_.between(1, 3) : 0; changes > 0; --changes) {
      const auto at = static_cast<std::size_t>(dice_.between(1, static_cast<int>(original.size()) - 1));
      original[at] ^= static_cast<std::byte>(dice_.between(1, 255));
    }
    const bool is_expired = type == (is_ipv4(heard) ? 11 : 3);
    return icmp_error_packet(back(heard, from, Ttl{64}),
                             {.type = type,
                              .code = static_cast<std::uint8_t>(is_expired ? 0 : (is_ipv4(heard) ? 13 : 1)),
                              .original = original,
                              .quoted_ttl = is_expired ? Ttl{1} : heard.packet.ip.ttl});
  }

  Dice dice_;
};

}  // namespace

struct Injector::State {
  State(LabEar listening, io::FileDescriptor throwing, const InjectorSpec& injecting)
      : ear(std::move(listening)), raw(std::move(throwing)), spec(injecting), crafter(injecting.seed) {}

  LabEar ear;
  io::FileDescriptor raw;
  io::SocketAddress client;
  InjectorSpec spec;
  Crafter crafter;
  std::atomic<bool> is_stopped = false;
  std::atomic<std::size_t> sent = 0;

  void run() {
    constexpr int kLookUpEvery = 10;  // milliseconds
    while (!is_stopped) {
      if (const auto bytes = ear.hear()) {
        answer(*bytes);
      } else {
        ear.wait(kLookUpEvery);
      }
    }
  }

  void answer(const Bytes& bytes) {
    const auto decoded = wire::decode(LinkType::Raw, bytes);
    const auto* const packet = std::get_if<wire::Packet>(&decoded);
    const auto* const syn = packet == nullptr ? nullptr : std::get_if<wire::TcpSegment>(&packet->payload);
    const bool is_probe = syn != nullptr && syn->flags.syn && !syn->flags.ack && syn->destination_port == kSmtp;
    if (!is_probe || packet->ip.source.family() != spec.family) return;
    for (const Craft craft : crafts()) {
      for (const Bytes& crafted : crafter.craft(craft, {.packet = *packet, .syn = *syn, .bytes = bytes})) send(crafted);
    }
  }

  std::vector<Craft> crafts() {
    if (!spec.is_random) return spec.crafts;
    constexpr int kMostAtOnce = 5;
    std::vector<Craft> drawn;
    for (int i = crafter.dice().between(1, kMostAtOnce); i > 0; --i) {
      drawn.push_back(
          spec.crafts[static_cast<std::size_t>(crafter.dice().between(0, static_cast<int>(spec.crafts.size()) - 1))]);
    }
    return drawn;
  }

  void send(const Bytes& packet) {
    io::SocketAddress to = client;
    const ssize_t size = sendto(raw.number(), packet.data(), packet.size(), 0, to.fill(), to.length());
    if (size > 0) ++sent;
  }
};

Result<Injector> Injector::start(const io::Lab& lab, const InjectorSpec& spec) {
  auto ear = LabEar::open(lab, spec.node);
  if (!ear) return ear.error();
  auto raw = open_raw_socket(lab, spec.node, spec.family);
  if (!raw) return raw.error();
  auto state = std::make_unique<State>(std::move(ear).value(), std::move(raw).value(), spec);
  state->client = io::SocketAddress(lab.client(spec.family));
  return Injector(std::move(state));
}

Injector::Injector(std::unique_ptr<State> state)
    : state_(std::move(state)), thread_([running = state_.get()] { running->run(); }) {}

Injector::~Injector() {
  if (!state_) return;
  state_->is_stopped = true;
  if (thread_.joinable()) thread_.join();
}

std::size_t Injector::sent() const {
  return state_->sent;
}

}  // namespace smtpath::test
