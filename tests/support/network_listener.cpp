#include "support/network_listener.h"

#include <algorithm>

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;
using wire::TcpSegment;

constexpr Duration kFirstRetransmission = 1s;
constexpr int kMostRetransmissions = 5;
// tcp_invalid_ratelimit
constexpr Duration kRepeatInterval = 500ms;

std::uint32_t server_sequence(Port client, Port server) {
  return (std::uint32_t{client.number} << 16 | server.number) * 2654435761U;
}

std::uint32_t server_timestamp(Time now) {
  return static_cast<std::uint32_t>(now.time_since_epoch() / 1ms) + 3000000000U;
}

TcpSegment answer_to(Port client, Port server, std::uint32_t sequence) {
  TcpSegment answer;
  answer.source_port = server;
  answer.destination_port = client;
  answer.acknowledgment = sequence + 1;
  answer.flags.ack = true;
  return answer;
}

// Only what the SYN offered.
wire::TcpOptions syn_ack_options(Time now, const wire::TcpOptions& offered, std::optional<std::uint32_t> echo) {
  wire::TcpOptions options;
  options.mss = std::uint16_t{1460};
  if (offered.window_scale) options.window_scale = std::uint8_t{7};
  options.sack_permitted = offered.sack_permitted;
  if (echo) options.timestamps = {.value = server_timestamp(now), .echo = *echo};
  return options;
}

}  // namespace

std::optional<TcpSegment> Listener::handle_segment(Time now, const TcpSegment& segment) {
  const auto known = std::find_if(requests_.begin(), requests_.end(), [&](const Request& request) {
    return request.client == segment.source_port && request.server == segment.destination_port;
  });
  if (segment.flags.rst) {
    if (habits_.hears_resets && known != requests_.end() && segment.sequence == known->sequence + 1)
      requests_.erase(known);
    return {};
  }
  if (!segment.flags.syn || is_ignored(segment)) return {};
  if (habits_.uses_syn_cookies) return cookie(now, segment);
  if (known != requests_.end()) return repeat(now, *known, segment);

  Request& request = requests_.emplace_back();
  request.client = segment.source_port;
  request.server = segment.destination_port;
  request.sequence = segment.sequence;
  request.offered = segment.options;
  if (habits_.has_timestamps && segment.options.timestamps) request.timestamp = segment.options.timestamps->value;
  request.retransmit_at = now + kFirstRetransmission;
  return syn_ack(now, request);
}

bool Listener::is_ignored(const TcpSegment& syn) {
  if (habits_.ignored_syns == 0) return false;
  return syns_ignored_[{syn.source_port, syn.destination_port}]++ < habits_.ignored_syns;
}

std::optional<TcpSegment> Listener::repeat(Time now, Request& request, const TcpSegment& syn) {
  if (request.last_repeat && now - *request.last_repeat < kRepeatInterval) return {};
  request.last_repeat = now;
  const bool is_older = request.timestamp && syn.options.timestamps &&
                        static_cast<std::int32_t>(syn.options.timestamps->value - *request.timestamp) < 0;
  if (is_older || syn.sequence != request.sequence) return plain_ack(now, request);
  request.retransmit_at = now + kFirstRetransmission * (1 << request.timeouts);
  return syn_ack(now, request);
}

std::optional<TcpSegment> Listener::handle_timeout(Time now) {
  const auto due =
      std::find_if(requests_.begin(), requests_.end(), [&](const Request& r) { return r.retransmit_at <= now; });
  if (due == requests_.end()) return {};
  if (due->timeouts == kMostRetransmissions) {
    requests_.erase(due);
    return handle_timeout(now);
  }
  ++due->timeouts;
  due->retransmit_at = now + kFirstRetransmission * (1 << due->timeouts);
  return syn_ack(now, *due);
}

std::optional<Time> Listener::next_timeout() const {
  const auto next = std::min_element(requests_.begin(), requests_.end(), [](const Request& a, const Request& b) {
    return a.retransmit_at < b.retransmit_at;
  });
  if (next == requests_.end()) return {};
  return next->retransmit_at;
}

TcpSegment Listener::syn_ack(Time now, const Request& request) const {
  TcpSegment answer = answer_to(request.client, request.server, request.sequence);
  answer.sequence = server_sequence(request.client, request.server);
  answer.flags.syn = true;
  answer.window = 65160;
  answer.options = syn_ack_options(now, request.offered, request.timestamp);
  return answer;
}

/// net/ipv4/syncookies.c: the sequence number changes from minute to minute and is the same within one.
TcpSegment Listener::cookie(Time now, const TcpSegment& syn) const {
  Request request{.client = syn.source_port,
                  .server = syn.destination_port,
                  .sequence = syn.sequence,
                  .offered = syn.options,
                  .timestamp = {},
                  .retransmit_at = {},
                  .last_repeat = {}};
  if (habits_.has_timestamps && syn.options.timestamps) request.timestamp = syn.options.timestamps->value;
  return syn_ack(now, request);
}

TcpSegment Listener::plain_ack(Time now, const Request& request) const {
  TcpSegment answer = answer_to(request.client, request.server, request.sequence);
  answer.sequence = server_sequence(request.client, request.server) + 1;
  answer.window = 65160 >> 7;
  if (request.timestamp) answer.options.timestamps = {.value = server_timestamp(now), .echo = *request.timestamp};
  return answer;
}

TcpSegment refusal_of(const TcpSegment& syn) {
  TcpSegment answer = answer_to(syn.source_port, syn.destination_port, syn.sequence);
  answer.flags.rst = true;
  return answer;
}

TcpSegment bare_reset(const TcpSegment& syn) {
  TcpSegment answer;
  answer.source_port = syn.destination_port;
  answer.destination_port = syn.source_port;
  answer.flags.rst = true;
  return answer;
}

TcpSegment proxy_syn_ack(Time now, const TcpSegment& syn) {
  TcpSegment answer = answer_to(syn.source_port, syn.destination_port, syn.sequence);
  answer.sequence = server_sequence(syn.source_port, syn.destination_port);
  answer.flags.syn = true;
  std::optional<std::uint32_t> echo;
  if (syn.options.timestamps) echo = syn.options.timestamps->value;
  answer.options = syn_ack_options(now, syn.options, echo);
  return answer;
}

}  // namespace smtpath::test
