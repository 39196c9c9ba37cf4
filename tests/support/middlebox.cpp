#include "support/middlebox.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "io/socket_address.h"
#include "support/lab_socket.h"

namespace smtpath::test {

namespace {

constexpr std::string_view kOffer = "STARTTLS";
constexpr std::string_view kOfferLine = "250-STARTTLS\r\n";
constexpr std::string_view kMasked = "XXXXXXXA";
constexpr int kEarMilliseconds = 20;

// Places in an IP packet without options or extension headers (RFC 791, 8200, 9293).
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

class Segment {
 public:
  explicit Segment(Bytes& packet) : packet_(packet), ip_(is_ipv4() ? kIpv4Header : kIpv6Header) {}

  bool is_tcp() const {
    constexpr std::size_t kSmallest = 20;
    return packet_.size() >= ip_ + kSmallest && byte(is_ipv4() ? 9 : 6) == IPPROTO_TCP;
  }
  bool is_opening_or_reset() const { return (byte(ip_ + 13) & 0x06U) != 0; }
  unsigned source_port() const { return byte(ip_) << 8U | byte(ip_ + 1); }
  unsigned destination_port() const { return byte(ip_ + 2) << 8U | byte(ip_ + 3); }
  std::uint32_t sequence() const { return word(ip_ + 4); }
  std::uint32_t acknowledgment() const { return word(ip_ + 8); }
  void shift_sequence(std::uint32_t by) { put_word(ip_ + 4, sequence() + by); }
  void shift_acknowledgment(std::uint32_t by) { put_word(ip_ + 8, acknowledgment() + by); }

  std::string text() const {
    std::string text;
    for (std::size_t at = begin_of_text(); at < packet_.size(); ++at) text += static_cast<char>(packet_[at]);
    return text;
  }
  void put_text(const std::string& text) {
    packet_.resize(begin_of_text());
    for (const char letter : text) packet_.push_back(static_cast<std::byte>(letter));
    const std::size_t length = packet_.size() - (is_ipv4() ? 0 : kIpv6Header);
    put_byte(is_ipv4() ? 2 : 4, length >> 8U);
    put_byte(is_ipv4() ? 3 : 5, length);
  }
  /// False: it expires here.
  bool takes_a_hop() {
    const std::size_t at = is_ipv4() ? 8 : 7;
    if (byte(at) <= 1) return false;
    put_byte(at, byte(at) - 1);
    return true;
  }
  IpAddress destination() const { return is_ipv4() ? ipv4_at(16) : ipv6_at(24); }
  IpAddress source() const { return is_ipv4() ? ipv4_at(12) : ipv6_at(8); }

 private:
  bool is_ipv4() const { return std::to_integer<unsigned>(packet_[0]) >> 4U == 4; }
  unsigned byte(std::size_t at) const { return std::to_integer<unsigned>(packet_[at]); }
  void put_byte(std::size_t at, std::size_t value) { packet_[at] = static_cast<std::byte>(value & 0xffU); }
  std::uint32_t word(std::size_t at) const {
    return byte(at) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
  }
  void put_word(std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) put_byte(at + i, value >> (24U - 8U * i));
  }
  std::size_t begin_of_text() const { return ip_ + std::size_t{4} * (byte(ip_ + 12) >> 4U); }
  IpAddress ipv4_at(std::size_t at) const { return IpAddress::v4(std::span(packet_).subspan(at).first<4>()); }
  IpAddress ipv6_at(std::size_t at) const { return IpAddress::v6(std::span(packet_).subspan(at).first<16>()); }

  Bytes& packet_;
  std::size_t ip_;
};

/// What is known of one connection.
struct Flow {
  /// The server's sequence numbers: of its first word, and of the line that was cut out.
  std::optional<std::uint32_t> greeting;
  std::optional<std::uint32_t> cut;
};

constexpr auto kCut = static_cast<std::uint32_t>(kOfferLine.size());

// RFC 9293 section 3.4.
bool is_behind(std::uint32_t sequence, std::uint32_t other) {
  return sequence != other && sequence - other < 0x8000'0000U;
}

bool mask_offer(std::string& text) {
  const std::size_t at = text.find(kOffer);
  if (at == std::string::npos) return false;
  text.replace(at, kOffer.size(), kMasked);
  return true;
}

bool mask_greeting(std::string& text) {
  constexpr std::size_t kCode = 4;
  for (std::size_t at = kCode; at < text.size() && text[at] != '\r'; ++at) {
    if (std::string_view(" 20").find(text[at]) == std::string_view::npos) text[at] = '*';
  }
  return true;
}

// The other side counts the bytes that were cut out.
bool cut_offer(Segment& segment, std::string& text, Flow& flow) {
  if (flow.cut && is_behind(segment.sequence(), *flow.cut)) segment.shift_sequence(-kCut);
  const std::size_t at = text.find(kOfferLine);
  if (at == std::string::npos) return false;
  flow.cut = segment.sequence() + static_cast<std::uint32_t>(at);
  text.erase(at, kOfferLine.size());
  return true;
}

}  // namespace

struct Middlebox::State {
  State(LabEar listening, io::FileDescriptor v4, io::FileDescriptor v6)
      : ear(std::move(listening)), ipv4(std::move(v4)), ipv6(std::move(v6)) {}

  void run() {
    while (!is_stopped) {
      ear.wait(kEarMilliseconds);
      while (auto heard = ear.hear()) pass_on(*heard);
    }
  }

  void pass_on(Bytes& packet) {
    Segment segment(packet);
    if (!segment.is_tcp() || segment.is_opening_or_reset()) return;
    const bool is_from_server = serves(segment.source()) && segment.source_port() == spec.port.number;
    const bool is_to_server = serves(segment.destination()) && segment.destination_port() == spec.port.number;
    if (!(is_from_server || is_to_server) || !segment.takes_a_hop()) return;
    if (is_from_server) {
      change(segment);
    } else if (const Flow& flow = flows[{segment.source(), segment.source_port()}];
               flow.cut && is_behind(segment.acknowledgment(), *flow.cut)) {
      segment.shift_acknowledgment(kCut);
    }
    correct_checksums(packet);
    const io::SocketAddress to(segment.destination());
    const io::FileDescriptor& raw = segment.source().is_ipv4() ? ipv4 : ipv6;
    sendto(raw.number(), packet.data(), packet.size(), 0, to.get(), to.length());
  }

  bool serves(const IpAddress& address) const {
    return std::find(spec.servers.begin(), spec.servers.end(), address) != spec.servers.end();
  }

  void change(Segment& segment) {
    Flow& flow = flows[{segment.destination(), segment.destination_port()}];
    std::string text = segment.text();
    if (!text.empty() && !flow.greeting) flow.greeting = segment.sequence();
    if (!meddle(segment, text, flow)) return;
    segment.put_text(text);
    ++changed;
  }

  bool meddle(Segment& segment, std::string& text, Flow& flow) const {
    switch (spec.meddling) {
      case Meddling::MasksStartTls:
        return mask_offer(text);
      case Meddling::CutsStartTls:
        return cut_offer(segment, text, flow);
      case Meddling::MasksGreeting:
        return !text.empty() && flow.greeting == segment.sequence() && mask_greeting(text);
    }
    return false;
  }

  LabEar ear;
  io::FileDescriptor ipv4;
  io::FileDescriptor ipv6;
  MiddleboxSpec spec;
  std::map<std::pair<IpAddress, unsigned>, Flow> flows;
  std::atomic<bool> is_stopped = false;
  std::atomic<std::size_t> changed = 0;
};

io::LabRule middlebox_rule(const MiddleboxSpec& spec) {
  std::string rules;
  for (const IpAddress& server : spec.servers) {
    constexpr std::string_view kTaken = "    {0} {1} {2} tcp {3} {4} tcp flags & (syn | rst) == 0 drop\n";
    const std::string_view family = server.is_ipv4() ? "ip" : "ip6";
    rules += fmt::format(kTaken, family, "saddr", to_string(server), "sport", spec.port.number);
    rules += fmt::format(kTaken, family, "daddr", to_string(server), "dport", spec.port.number);
  }
  constexpr std::string_view kTable =
      "table inet lab_middlebox_{0} {{\n  chain forward {{\n    type filter hook forward priority filter\n{1}  "
      "}}\n}}\n";
  return {spec.node, fmt::format(kTable, static_cast<int>(spec.meddling), rules)};
}

Result<Middlebox> Middlebox::start(const io::Lab& lab, const MiddleboxSpec& spec) {
  auto ear = LabEar::open(lab, spec.node);
  if (!ear) return ear.error();
  auto ipv4 = open_raw_socket(lab, spec.node, Family::Ipv4);
  if (!ipv4) return ipv4.error();
  auto ipv6 = open_raw_socket(lab, spec.node, Family::Ipv6);
  if (!ipv6) return ipv6.error();
  auto state = std::make_unique<State>(std::move(ear).value(), std::move(ipv4).value(), std::move(ipv6).value());
  state->spec = spec;
  return Middlebox(std::move(state));
}

Middlebox::Middlebox(std::unique_ptr<State> state)
    : state_(std::move(state)), thread_([running = state_.get()] { running->run(); }) {}

Middlebox::Middlebox(Middlebox&& other) noexcept = default;

Middlebox::~Middlebox() {
  if (!state_) return;
  state_->is_stopped = true;
  thread_.join();
}

std::size_t Middlebox::changed() const {
  return state_->changed;
}

}  // namespace smtpath::test
