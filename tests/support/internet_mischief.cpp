#include "support/internet_mischief.h"

#include <algorithm>
#include <array>
#include <variant>

#include "smtpath/wire/decode.h"
#include "wire/checksum.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kIcmpHeader = 8;
constexpr std::size_t kExtendedQuote = 128;

// The ICMP error in a packet, with the bytes that it quotes.
struct SentError {
  wire::IpHeader ip;
  wire::IcmpErrorKind kind = wire::IcmpErrorKind::Other;
  std::span<const std::byte> message;

  std::span<const std::byte> quote() const { return message.subspan(kIcmpHeader); }
};

std::optional<SentError> error_in(std::span<const std::byte> packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const auto* const whole = std::get_if<wire::Packet>(&decoded);
  if (whole == nullptr) return {};
  const auto* const error = std::get_if<wire::IcmpError>(&whole->payload);
  if (error == nullptr) return {};
  const std::size_t ip_header = whole->ip.source.is_ipv4() ? 20 : 40;
  return SentError{.ip = whole->ip, .kind = error->kind, .message = packet.subspan(ip_header)};
}

Bytes labelled(const SentError& error) {
  const std::vector<wire::MplsLabel> labels = labels_of(error.ip.source);
  const std::span<const std::byte> quote = error.quote();
  const std::size_t ttl_at = error.ip.source.is_ipv4() ? 8 : 7;
  return icmp_error_packet(error.ip, {.type = std::to_integer<std::uint8_t>(error.message[0]),
                                      .code = std::to_integer<std::uint8_t>(error.message[1]),
                                      .original = quote,
                                      .quoted_ttl = Ttl{std::to_integer<std::uint8_t>(quote[ttl_at])},
                                      .quoted_bytes = std::min(quote.size(), kExtendedQuote),
                                      .mpls = labels});
}

struct WrongExtension {
  /// RFC 4884 section 3: in words of 4 bytes, of ICMPv6 8 bytes.
  unsigned quote_length = 0;
  std::uint16_t object_length = 0;
  /// Of the bytes from the extension on.
  std::size_t cut = 0;
};

// Version 2, a checksum that is right as long as nothing is cut, and a label stack object (RFC 4950).
Bytes extension(std::uint16_t object_length) {
  Bytes bytes;
  const auto put16 = [&](unsigned number) {
    bytes.push_back(static_cast<std::byte>(number >> 8));
    bytes.push_back(static_cast<std::byte>(number & 0xff));
  };
  constexpr unsigned kVersion = 0x2000;
  constexpr unsigned kIncomingLabelStack = 0x0101;
  constexpr std::array<unsigned, 2> kLabel{0x0123, 0x4101};
  put16(kVersion);
  put16(0);
  put16(object_length);
  put16(kIncomingLabelStack);
  for (const unsigned half : kLabel) put16(half);
  const unsigned sum = ~unsigned{wire::ones_complement_sum(bytes)} & 0xffffU;
  bytes[2] = static_cast<std::byte>(sum >> 8);
  bytes[3] = static_cast<std::byte>(sum & 0xff);
  return bytes;
}

Bytes extended_wrongly(const SentError& error, const WrongExtension& wrong) {
  const std::span<const std::byte> whole = error.message;
  Bytes message(whole.begin(),
                whole.begin() + static_cast<std::ptrdiff_t>(std::min(whole.size(), kIcmpHeader + kExtendedQuote)));
  const std::size_t quote_end = message.size();
  message[error.ip.source.is_ipv4() ? 5 : 4] = static_cast<std::byte>(wrong.quote_length);
  message.resize(kIcmpHeader + kExtendedQuote);
  const Bytes more = extension(wrong.object_length);
  message.insert(message.end(), more.begin(), more.end());
  message.resize(std::max(quote_end, message.size() - wrong.cut));
  return icmp_packet(error.ip, message);
}

}  // namespace

std::vector<wire::MplsLabel> labels_of(const IpAddress& router) {
  constexpr std::uint32_t kFirst = 0x10000;
  constexpr std::uint32_t kSecond = 0x20000;
  const std::span<const std::byte> last = router.bytes().last(2);
  const std::uint32_t number = std::to_integer<std::uint32_t>(last[0]) << 8 | std::to_integer<std::uint32_t>(last[1]);
  return {{.label = kFirst + number, .traffic_class = 0, .bottom_of_stack = false, .ttl = 1},
          {.label = kSecond + number, .traffic_class = 5, .bottom_of_stack = true, .ttl = 255}};
}

std::vector<Bytes> MischiefMaker::sent_in_place_of(Bytes packet) {
  const auto error = error_in(packet);
  if (!error) return {std::move(packet)};
  const bool is_time_exceeded = error->kind == wire::IcmpErrorKind::TimeExceeded;
  if (is_time_exceeded && mischief_.has_wrong_extensions) return wrong_extensions(packet);
  const Bytes sent = is_time_exceeded && mischief_.has_labels ? labelled(*error) : packet;
  return std::vector<Bytes>(mischief_.copies, sent);
}

std::vector<Bytes> MischiefMaker::wrong_extensions(std::span<const std::byte> packet) {
  constexpr unsigned kLengths = 256;
  constexpr std::array<std::uint16_t, 14> kObjectLengths{0, 1, 2, 3, 4, 5, 7, 9, 11, 255, 256, 1500, 0x7fff, 0xffff};
  constexpr std::size_t kMostCut = 140;
  const auto error = error_in(packet);
  std::vector<Bytes> sent;
  for (unsigned length = 0; length < kLengths; ++length) {
    sent.push_back(extended_wrongly(
        *error, {.quote_length = length, .object_length = kObjectLengths[next_object_length_], .cut = next_cut_}));
    next_object_length_ = (next_object_length_ + 1) % kObjectLengths.size();
    next_cut_ = (next_cut_ + 1) % kMostCut;
  }
  return sent;
}

}  // namespace smtpath::test
