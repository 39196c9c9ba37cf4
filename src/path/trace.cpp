#include "smtpath/path/trace.h"

namespace smtpath::path {

std::string_view to_string(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::SynAck:
      return "syn-ack";
    case ReplyKind::Rst:
      return "rst";
    case ReplyKind::Ack:
      return "ack";
    case ReplyKind::TimeExceeded:
      return "time-exceeded";
    case ReplyKind::Unreachable:
      return "icmp-unreachable";
    case ReplyKind::EchoReply:
      return "echo-reply";
  }
  return {};
}

}  // namespace smtpath::path
