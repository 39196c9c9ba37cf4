#include "support/foreign_tool.h"

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// One trace of one port.
class Play {
 public:
  Play(const ForeignTool& tool, Network& network, Port port, Time start)
      : tool_(tool),
        network_(network),
        port_(port),
        now_(start),
        random_(port.number),
        first_port_(number<0x3fff>() + 40000U) {
    sequence_ = number<0xffffffff>();
    identification_ = static_cast<std::uint16_t>(number<0xffff>());
  }

  std::vector<RecordedFrame> frames() {
    for (const Ttl ttl : order()) {
      for (int attempt = 0; attempt < tool_.tries; ++attempt) {
        while (waiting_.size() >= static_cast<std::size_t>(tool_.side_by_side)) pass_time();
        if (is_over(ttl)) break;
        send(ttl);
        wait_until(now_ + tool_.gap);
      }
      if (is_over(ttl) || silent_hops(ttl) >= tool_.most_silent) break;
    }
    while (!waiting_.empty()) pass_time();
    return std::move(frames_);
  }

 private:
  template <std::uint32_t kMost>
  std::uint32_t number() {
    return std::uniform_int_distribution<std::uint32_t>(0, kMost)(random_);
  }

  std::vector<Ttl> order() const {
    std::vector<Ttl> ttls;
    for (int hops = 1; hops <= tool_.max_ttl; ++hops) ttls.push_back(Ttl{static_cast<std::uint8_t>(hops)});
    if (tool_.descends) std::reverse(ttls.begin(), ttls.end());
    return ttls;
  }

  /// The host has answered a probe of that TTL or less, and all before had their answers or their time.
  bool is_over(Ttl ttl) const { return !tool_.descends && answered_ && *answered_ < ttl; }

  int silent_hops(Ttl ttl) const { return ttl - heard_; }

  void send(Ttl ttl) {
    wire::IpHeader ip{.source = network_.path().client, .destination = network_.path().target(), .ttl = ttl};
    if (ip.source.is_ipv4()) ip.identification = identification_;
    const auto source_port = static_cast<std::uint16_t>(first_port_ + (tool_.keeps_port ? 0 : sent_));
    wire::TcpSegment syn{.source_port = Port{source_port},
                         .destination_port = port_,
                         .sequence = sequence_,
                         .flags = {.syn = true},
                         .window = 5840};
    if (tool_.has_timestamps) syn.options.timestamps = {.value = 1000U + sent_, .echo = 0};
    ++sent_;
    if (!tool_.keeps_identification) ++identification_;
    if (!tool_.keeps_sequence) sequence_ = number<0xffffffff>();
    const Bytes packet = tcp_packet(ip, syn);
    waiting_.emplace(sent_, Waiting{.ttl = ttl, .source_port = syn.source_port, .until = now_ + tool_.patience});
    record(packet);
    network_.send(now_, packet);
  }

  void wait_until(Time time) {
    while (network_.next_event() && *network_.next_event() <= time) hear();
    now_ = std::max(now_, time);
  }

  /// To the next answer or the end of the oldest probe's time.
  void pass_time() {
    const Time end = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
                       return a.second.until < b.second.until;
                     })->second.until;
    const auto event = network_.next_event();
    if (event && *event <= end) {
      hear();
    } else {
      now_ = std::max(now_, end);
    }
    std::erase_if(waiting_, [&](const auto& each) { return each.second.until <= now_; });
  }

  void hear() {
    now_ = std::max(now_, *network_.next_event());
    const auto delivery = network_.advance();
    if (!delivery) return;
    record(delivery->packet);
    const auto decoded = wire::decode(LinkType::Raw, delivery->packet);
    note(std::get<wire::Packet>(decoded));
    if (const auto answer = kernel_answer(delivery->packet)) {
      record(*answer);
      network_.send(now_, *answer);
    }
  }

  /// Tools that keep the port have one probe out at a time.
  void note(const wire::Packet& packet) {
    const auto* segment = std::get_if<wire::TcpSegment>(&packet.payload);
    const auto* error = std::get_if<wire::IcmpError>(&packet.payload);
    Port source_port;
    if (segment != nullptr) source_port = segment->destination_port;
    if (error != nullptr && error->quote) {
      if (const auto* quoted = std::get_if<wire::QuotedTcp>(&error->quote->transport))
        source_port = quoted->source_port;
    }
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const auto& each) { return each.second.source_port == source_port; });
    if (found == waiting_.end()) return;
    const Ttl ttl = found->second.ttl;
    heard_ = std::max(heard_, ttl);
    const bool is_final = segment != nullptr || error->kind == wire::IcmpErrorKind::Unreachable;
    if (is_final) answered_ = std::min(answered_.value_or(ttl), ttl);
    waiting_.erase(found);
  }

  void record(std::span<const std::byte> bytes) {
    frames_.push_back({.time = now_, .bytes = {bytes.begin(), bytes.end()}});
  }

  struct Waiting {
    Ttl ttl;
    Port source_port;
    Time until;
  };

  const ForeignTool& tool_;
  Network& network_;
  Port port_;
  Time now_;
  std::mt19937_64 random_;
  std::uint32_t first_port_;
  std::uint32_t sequence_ = 0;
  std::uint16_t identification_ = 0;
  std::uint32_t sent_ = 0;
  /// By the number of the probe.
  std::map<std::uint32_t, Waiting> waiting_;
  std::optional<Ttl> answered_;
  Ttl heard_;
  std::vector<RecordedFrame> frames_;
};

}  // namespace

const std::vector<ForeignTool>& foreign_tools() {
  static const std::vector<ForeignTool> kAll{
      {.name = "traceroute", .side_by_side = 16, .patience = seconds(5), .gap = {}, .has_timestamps = true},
      {.name = "tcptraceroute", .keeps_port = true, .keeps_sequence = true},
      {.name = "mtr",
       .tries = 2,
       .side_by_side = 32,
       .gap = milliseconds(100),
       .most_silent = 12,
       .has_timestamps = true},
      {.name = "scamper", .tries = 2, .patience = seconds(5), .keeps_port = true, .keeps_sequence = true},
      {.name = "nmap", .tries = 2, .side_by_side = 5, .patience = seconds(1), .max_ttl = 10, .descends = true},
      {.name = "hping3", .tries = 1, .gap = seconds(1)},
      {.name = "scapy", .tries = 1, .side_by_side = 30, .patience = seconds(2), .gap = milliseconds(1)},
  };
  return kAll;
}

const ForeignTool& foreign_tool(std::string_view name) {
  for (const ForeignTool& tool : foreign_tools()) {
    if (tool.name == name) return tool;
  }
  throw std::invalid_argument(std::string(name));
}

std::vector<RecordedFrame> trace_as(const ForeignTool& tool, Network& network, Port port, Time start) {
  return Play(tool, network, port, start).frames();
}

}  // namespace smtpath::test
