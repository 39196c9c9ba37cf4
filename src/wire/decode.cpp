#include "smtpath/wire/decode.h"

#include "wire/decode_frame.h"

namespace smtpath::wire {

std::string_view to_string(Undecodable reason) {
  switch (reason) {
    case Undecodable::UnknownLinkType:
      return "unknown-link-type";
    case Undecodable::TruncatedLink:
      return "truncated-link";
    case Undecodable::NotIp:
      return "not-ip";
    case Undecodable::TruncatedIp:
      return "truncated-ip";
    case Undecodable::BadIpHeader:
      return "bad-ip-header";
    case Undecodable::TruncatedTransport:
      return "truncated-transport";
    case Undecodable::BadTransportHeader:
      return "bad-transport-header";
  }
  return {};
}

Decoded decode(LinkType link, std::span<const std::byte> bytes) {
  Decoded decoded;
  if (const Flaw flaw = decode_frame(link, bytes, {}, std::get<Packet>(decoded))) decoded = *flaw;
  return decoded;
}

}  // namespace smtpath::wire
