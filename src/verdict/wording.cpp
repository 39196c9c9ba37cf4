#include "verdict/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "smtpath/path/icmp_name.h"

namespace smtpath::verdict {

namespace {

struct NamedErrno {
  int number;
  std::string_view name;
};

constexpr std::array kErrnos{
    NamedErrno{EPERM, "EPERM"},
    NamedErrno{EACCES, "EACCES"},
    NamedErrno{EINVAL, "EINVAL"},
    NamedErrno{ENETDOWN, "ENETDOWN"},
    NamedErrno{ENETUNREACH, "ENETUNREACH"},
    NamedErrno{EHOSTUNREACH, "EHOSTUNREACH"},
    NamedErrno{EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    NamedErrno{ENOBUFS, "ENOBUFS"},
    NamedErrno{EAFNOSUPPORT, "EAFNOSUPPORT"},
    NamedErrno{EMSGSIZE, "EMSGSIZE"},
};

std::string_view answer_name(path::ReplyKind kind) {
  switch (kind) {
    case path::ReplyKind::SynAck:
      return "SYN-ACK";
    case path::ReplyKind::Rst:
      return "RST";
    case path::ReplyKind::Ack:
      return "ACK";
    case path::ReplyKind::TimeExceeded:
    case path::ReplyKind::Unreachable:
    case path::ReplyKind::EchoReply:
      return path::to_string(kind);
  }
  return {};
}

}  // namespace

std::string count_of(int count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string errno_name(int number) {
  const auto found =
      std::find_if(kErrnos.begin(), kErrnos.end(), [&](const NamedErrno& known) { return known.number == number; });
  return found == kErrnos.end() ? fmt::format("errno {}", number) : std::string(found->name);
}

std::string describe_error(const path::Answer& answer) {
  const path::Reply& reply = *answer.reply;
  return fmt::format("ICMP {} from {}", path::icmp_name(reply.from.family(), reply.icmp->type, reply.icmp->code),
                     to_string(reply.from));
}

std::string describe_answer(const path::Answer& answer) {
  return fmt::format("{} (TTL {} on arrival)", answer_name(answer.reply->kind), answer.reply->ttl.hops);
}

std::string describe_distance(const path::Distance& distance) {
  switch (distance.source) {
    case path::Distance::Source::Echo:
      return "its echo replies begin there";
    case path::Distance::Source::OwnTimeExceeded:
      return "its own time exceeded comes from there";
    case path::Distance::Source::Ports:
      return fmt::format("{} agree on it", count_of(static_cast<int>(distance.agreeing.size()), "port"));
  }
  return {};
}

std::string describe_control(const Location& location) {
  if (!location.first_missed) return "nothing shows the path beyond";
  const HopReference& hop = *location.first_missed;
  return fmt::format("hop {} ({}) is known to answer", hop.ttl.hops,
                     hop.address ? to_string(*hop.address) : std::string("silent"));
}

}  // namespace smtpath::verdict
