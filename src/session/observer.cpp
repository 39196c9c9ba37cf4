#include "smtpath/session/observer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "session/connection.h"
#include "session/entries.h"
#include "session/newcomer.h"
#include "session/sequence.h"

namespace smtpath::session {

namespace {

using namespace std::chrono_literals;

/// Stray packets and late repetitions come within this after the end.
constexpr Duration kLinger = 10s;
/// Where one side may not know of the end yet: its repetitions are up to 32 s apart.
constexpr Duration kLongLinger = 40s;
/// The longest pause between SYNs (RFC 6298 section 5.7: 64 s after the sixth), twice.
constexpr Duration kLongestBackOff = 130s;
constexpr Duration kIdle = 2h;
constexpr std::size_t kMostNewcomers = 32'768;
/// Captures that were put together of others jump by years. A pause counts this much at most, less than the least that
/// ends anything.
constexpr Duration kLongestPause = 5s;
constexpr Duration kSweep = 1s;

Endpoint source_of(const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  return {ip.source, tcp.source_port};
}

Endpoint destination_of(const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  return {ip.destination, tcp.destination_port};
}

Silence silence_of(const Connection& connection) {
  switch (connection.progress()) {
    case Progress::Opening:
      return Silence::Opening;
    case Progress::Open:
      return Silence::Open;
    case Progress::Broken:
      return Silence::Broken;
    case Progress::Closed:
      return Silence::Closed;
  }
  return Silence::Open;
}

}  // namespace

struct Observer::State {
  explicit State(const Options& wanted) : options(wanted), is_mail(1U << 16U) {
    for (const Port port : wanted.mail_ports) is_mail[port.number] = true;
  }

  void tick(Time time);
  void sweep();
  void sweep(Silence silence, Duration longest);
  void handle_tcp(const wire::IpHeader& ip, const wire::TcpSegment& tcp);
  void handle_icmp(const wire::Packet& packet, const wire::IcmpError& error);
  void handle_known(std::uint32_t entry, const Segment& segment);
  void handle_unknown(const wire::IpHeader& ip, const wire::TcpSegment& tcp);
  void handle_newcomer(std::uint32_t entry, const Segment& segment);
  void follow(const Endpoint& client, const Endpoint& server, const Segment& segment);
  void meet(const Endpoint& client, const Endpoint& server, const Segment& segment);
  void promote(std::uint32_t entry);
  bool is_client(const wire::TcpSegment& tcp) const;
  bool is_news(const Entry& entry, const Segment& segment) const;
  void end(std::uint32_t entry, Ending ending);
  void make_room();

  Options options;
  std::vector<bool> is_mail;
  Common common;
  Entries entries;
  /// Of the packets.
  Time now{};
  bool has_begun = false;
  /// The time that counts for silences.
  Duration clock{};
  Duration next_sweep{};
};

void Observer::State::tick(Time time) {
  if (has_begun && time > now) clock += std::min<Duration>(time - now, kLongestPause);
  now = has_begun ? std::max(now, time) : time;
  has_begun = true;
  if (clock >= next_sweep) sweep();
}

void Observer::State::sweep() {
  next_sweep = clock + kSweep;
  sweep(Silence::Closed, kLinger);
  sweep(Silence::Broken, kLongLinger);
  sweep(Silence::Opening, kLongestBackOff);
  sweep(Silence::Open, kIdle);
  sweep(Silence::Newcomer, kLongestBackOff);
  sweep(Silence::Ignored, kIdle);
}

void Observer::State::sweep(Silence silence, Duration longest) {
  for (;;) {
    const std::uint32_t entry = entries.quietest(silence);
    if (entry == Entries::kNone || clock - entries[entry].listed < longest) return;
    switch (silence) {
      case Silence::Closed:
      case Silence::Broken:
        end(entry, Ending::Closed);
        break;
      case Silence::Opening:
        end(entry, Ending::NeverOpened);
        break;
      case Silence::Open:
        end(entry, Ending::Quiet);
        break;
      case Silence::Newcomer:
      case Silence::Ignored:
      case Silence::Ended:
        entries.remove(entry);
        break;
    }
  }
}

void Observer::State::handle_tcp(const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  const std::uint32_t entry = entries.find(ip, tcp);
  if (entry == Entries::kNone) return handle_unknown(ip, tcp);
  const Entry& known = entries[entry];
  const bool is_from_client = known.client.port == tcp.source_port && known.client.address == ip.source;
  const Segment segment{now, is_from_client ? Side::Client : Side::Server, ip, tcp};
  if (is_news(known, segment)) {
    if (known.connection) {
      end(entry, Ending::Replaced);
    } else {
      entries.remove(entry);
    }
    return handle_unknown(ip, tcp);
  }
  handle_known(entry, segment);
}

bool Observer::State::is_news(const Entry& entry, const Segment& segment) const {
  if (!segment.tcp.flags.syn) return false;
  if (!entry.connection) return !segment.tcp.flags.ack && segment.from == Side::Server;
  if (segment.tcp.flags.ack) return !entry.connection->is_syn_ack_of_this(segment);
  // A SYN of the server's: both open at once, or the roles have changed.
  if (segment.from == Side::Server) return entry.connection->progress() != Progress::Opening;
  return !entry.connection->is_syn_of_this(segment.tcp.sequence);
}

void Observer::State::handle_known(std::uint32_t entry, const Segment& segment) {
  Entry& known = entries[entry];
  if (!known.connection) {
    ++common.counters.other_segments;
    return handle_newcomer(entry, segment);
  }
  ++common.counters.segments;
  known.connection->handle(segment, common);
  entries.renew(entry, silence_of(*known.connection), clock);
}

bool Observer::State::is_client(const wire::TcpSegment& tcp) const {
  if (tcp.flags.syn) return !tcp.flags.ack;
  const bool is_from_mail = is_mail[tcp.source_port.number];
  const bool is_to_mail = is_mail[tcp.destination_port.number];
  if (is_from_mail != is_to_mail) return is_to_mail;
  return tcp.source_port > tcp.destination_port;
}

void Observer::State::handle_unknown(const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  const bool has_mail_port = is_mail[tcp.source_port.number] || is_mail[tcp.destination_port.number];
  if (!has_mail_port && !tcp.flags.syn) {
    ++common.counters.other_segments;
    return;
  }
  Endpoint client = source_of(ip, tcp);
  Endpoint server = destination_of(ip, tcp);
  const bool is_from_client = is_client(tcp);
  if (!is_from_client) std::swap(client, server);
  const Segment segment{now, is_from_client ? Side::Client : Side::Server, ip, tcp};
  if (is_mail[server.port.number]) return follow(client, server, segment);
  ++common.counters.other_segments;
  if (options.recognises_greetings || has_mail_port) meet(client, server, segment);
}

void Observer::State::follow(const Endpoint& client, const Endpoint& server, const Segment& segment) {
  make_room();
  const std::uint32_t entry = entries.add(client, server, Silence::Open, clock);
  if (entry == Entries::kNone) {
    ++common.counters.evicted;
    return;
  }
  entries[entry].connection = std::make_unique<Connection>(client, server, now);
  handle_known(entry, segment);
}

void Observer::State::meet(const Endpoint& client, const Endpoint& server, const Segment& segment) {
  for (const Silence silence : {Silence::Newcomer, Silence::Ignored}) {
    if (entries.count(silence) < kMostNewcomers) continue;
    ++common.counters.forgotten_newcomers;
    entries.remove(entries.quietest(silence));
  }
  const std::uint32_t entry = entries.add(client, server, Silence::Newcomer, clock);
  if (entry == Entries::kNone) {
    ++common.counters.forgotten_newcomers;
    return;
  }
  entries[entry].newcomer = std::make_unique<Newcomer>();
  handle_newcomer(entry, segment);
}

void Observer::State::handle_newcomer(std::uint32_t entry, const Segment& segment) {
  Entry& known = entries[entry];
  if (!known.newcomer) return entries.renew(entry, Silence::Ignored, clock);
  const Newcomer::Kind kind = options.recognises_greetings ? known.newcomer->handle(segment) : Newcomer::Kind::Other;
  if (kind == Newcomer::Kind::Smtp) return promote(entry);
  if (kind == Newcomer::Kind::Unknown) return;
  known.newcomer.reset();
  if (is_mail[known.client.port.number]) return entries.renew(entry, Silence::Ignored, clock);
  entries.remove(entry);
}

void Observer::State::promote(std::uint32_t entry) {
  make_room();
  Entry& known = entries[entry];
  const std::unique_ptr<Newcomer> newcomer = std::move(known.newcomer);
  known.connection = std::make_unique<Connection>(known.client, known.server, newcomer->kept().front().at);
  known.connection->leave_out(newcomer->prelude());
  for (const Newcomer::Kept& kept : newcomer->kept()) {
    wire::TcpSegment tcp = kept.tcp;
    tcp.payload = kept.payload;
    known.connection->handle({kept.at, kept.from, kept.ip, tcp}, common);
  }
  entries.renew(entry, silence_of(*known.connection), clock);
}

void Observer::State::handle_icmp(const wire::Packet& packet, const wire::IcmpError& error) {
  if (!error.quote) return;
  const auto* const tcp = std::get_if<wire::QuotedTcp>(&error.quote->transport);
  if (!tcp) return;
  ++common.counters.icmp_errors;
  const Endpoint sender{error.quote->ip.source, tcp->source_port};
  const Endpoint receiver{error.quote->ip.destination, tcp->destination_port};
  const std::uint32_t entry = entries.find(sender, receiver);
  if (entry == Entries::kNone || !entries[entry].connection) {
    ++common.counters.strange_icmp_errors;
    return;
  }
  Connection& connection = *entries[entry].connection;
  const Side about = entries[entry].client == sender ? Side::Client : Side::Server;
  if (!connection.may_have_sent(about, tcp->sequence)) {
    ++common.counters.strange_icmp_errors;
    return;
  }
  connection.handle_icmp(
      {.type = error.type, .code = error.code, .from = packet.ip.source, .mtu = error.mtu, .at = now, .about = about});
}

void Observer::State::end(std::uint32_t entry, Ending ending) {
  entries[entry].ending = ending;
  entries[entry].end = now;
  entries.end(entry, clock);
}

void Observer::State::make_room() {
  constexpr std::array kFollowed{Silence::Closed, Silence::Broken, Silence::Opening, Silence::Open};
  std::size_t open = 0;
  std::uint32_t quietest = Entries::kNone;
  for (const Silence silence : kFollowed) {
    open += entries.count(silence);
    const std::uint32_t first = entries.quietest(silence);
    if (first == Entries::kNone) continue;
    if (quietest == Entries::kNone || entries[first].listed < entries[quietest].listed) quietest = first;
  }
  if (open < options.most_open || quietest == Entries::kNone) return;
  const bool is_over = entries[quietest].silence == Silence::Closed || entries[quietest].silence == Silence::Broken;
  if (!is_over) ++common.counters.evicted;
  end(quietest, is_over ? Ending::Closed : Ending::Evicted);
}

Observer::Observer(const Options& options) : state_(std::make_unique<State>(options)) {}
Observer::Observer(Observer&&) noexcept = default;
Observer& Observer::operator=(Observer&&) noexcept = default;
Observer::~Observer() = default;

void Observer::handle_packet(Time now, const wire::Packet& packet) {
  state_->tick(now);
  if (const auto* const tcp = std::get_if<wire::TcpSegment>(&packet.payload)) {
    state_->handle_tcp(packet.ip, *tcp);
  } else if (const auto* const error = std::get_if<wire::IcmpError>(&packet.payload)) {
    state_->handle_icmp(packet, *error);
  }
}

std::optional<Session> Observer::poll_ended() {
  const std::uint32_t entry = state_->entries.quietest(Silence::Ended);
  if (entry == Entries::kNone) return std::nullopt;
  const Entry& ended = state_->entries[entry];
  Session session = ended.connection->finish(state_->common);
  session.ending = ended.ending;
  session.end = ended.end;
  state_->entries.remove(entry);
  return session;
}

void Observer::finish(Time end) {
  state_->tick(end);
  std::vector<std::pair<Time, std::uint32_t>> open;
  for (const Silence silence : {Silence::Closed, Silence::Broken, Silence::Opening, Silence::Open}) {
    for (const std::uint32_t entry : state_->entries.all(silence)) {
      open.emplace_back(state_->entries[entry].connection->first(), entry);
    }
  }
  std::sort(open.begin(), open.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return state_->entries[a.second].number < state_->entries[b.second].number;
  });
  for (const auto& [first, entry] : open) {
    const Connection& connection = *state_->entries[entry].connection;
    Ending ending = Ending::CaptureEnded;
    const Progress progress = connection.progress();
    if (progress == Progress::Closed || progress == Progress::Broken) ending = Ending::Closed;
    if (connection.is_turned_down()) ending = Ending::NeverOpened;
    state_->end(entry, ending);
  }
}

const Counters& Observer::counters() const {
  state_->common.counters.disagreeing_bytes = state_->common.waiting.disagreeing;
  return state_->common.counters;
}

}  // namespace smtpath::session
