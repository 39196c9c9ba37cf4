#include "wire/quote.h"

#include <algorithm>

#include "smtpath/base/byte_reader.h"
#include "wire/extensions.h"
#include "wire/ip.h"
#include "wire/protocol.h"
#include "wire/tcp.h"

namespace smtpath::wire {

namespace {

std::optional<QuotedEcho> decode_quoted_echo(std::span<const std::byte> bytes, std::uint8_t request_type) {
  ByteReader reader(bytes);
  const bool is_request = reader.u8() == request_type;
  reader.skip(1 + 2);  // code, checksum
  QuotedEcho echo;
  echo.identifier = reader.u16();
  echo.sequence = reader.u16();
  if (!reader.ok() || !is_request) return std::nullopt;
  return echo;
}

}  // namespace

std::optional<Quote> decode_quote(std::span<const std::byte> bytes) {
  IpDatagram datagram;
  if (split_ip(bytes, 0, datagram)) return std::nullopt;

  const IpHeader& ip = datagram.header;
  Quote quote{.ip = ip, .transport = {}, .length = 0};
  quote.length = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), ip.total_length));
  if (ip.fragment_offset != 0 || skip_extensions(datagram)) return quote;

  if (ip.protocol == kTcpProtocol) {
    if (const auto tcp = decode_quoted_tcp(datagram.payload)) quote.transport = *tcp;
  } else if (ip.protocol == (ip.source.is_ipv4() ? kIcmpProtocol : kIcmpv6Protocol)) {
    const std::uint8_t request_type = ip.source.is_ipv4() ? kEchoRequest : kEchoRequestV6;
    if (const auto echo = decode_quoted_echo(datagram.payload, request_type)) quote.transport = *echo;
  }
  return quote;
}

}  // namespace smtpath::wire
