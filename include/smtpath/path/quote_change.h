#pragma once

// What an ICMP error says of the way up to its sender: it quotes the probe as that router had it, and wherever the
// quote differs from the packet as the capture saw it leave, somebody on the way had rewritten it. A quote is a
// witness, not a proof: the router may quote wrongly, and whoever forges an error chooses its words.

#include <cstdint>
#include <string_view>
#include <variant>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

/// A packet as it left, in those fields that somebody on the way may rewrite. Of an echo request the ports, the
/// sequence number and what follows are 0.
struct SentHeader {
  IpAddress source{};
  IpAddress destination{};
  Port source_port{};
  Port destination_port{};
  std::uint32_t sequence = 0;
  std::uint32_t flow_label = 0;
  std::uint16_t identification = 0;
  std::uint16_t window = 0;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  wire::TcpOptions options{};
};

/// A field that a quote can show rewritten. The codepoint of differentiated services (RFC 2474) and the bits of
/// congestion notification (RFC 3168) share a byte. The last four are TCP options.
enum class QuotedField : std::uint8_t {
  SourceAddress,
  SourcePort,
  DestinationAddress,
  DestinationPort,
  Sequence,
  Identification,
  FlowLabel,
  Dscp,
  Ecn,
  DontFragment,
  Window,
  Mss,
  WindowScale,
  SackPermitted,
  TimestampValue,
};

/// "source-address", "mss", …
std::string_view to_string(QuotedField field);

/// monostate: the packet has no such option. Flags and options without a value are 1.
using FieldValue = std::variant<std::monostate, std::uint32_t, IpAddress>;

struct QuoteChange {
  QuotedField field = QuotedField::SourceAddress;
  FieldValue sent{};
  FieldValue quoted{};
  friend bool operator==(const QuoteChange&, const QuoteChange&) = default;
};

/// How much of the probe the error quotes: its IP header only, 8 bytes of TCP, up to the window, or the whole TCP
/// header. Only the last can show that an option is missing.
enum class QuoteDepth : std::uint8_t { Ip, Ports, Window, Options };

/// A quote of this depth shows the field, whatever it holds.
bool shows(QuoteDepth depth, QuotedField field);

}  // namespace smtpath::path
