#include "io/dns_inquiry.h"

#include <sys/random.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "io/dns_records.h"
#include "smtpath/base/byte_reader.h"

namespace smtpath::io {

namespace {

using namespace std::chrono_literals;
using facts::LookupResult;

constexpr auto kRepeatAfter = 500ms;

// RFC 1035 section 4.1.1.
constexpr std::uint16_t kIsResponse = 0x8000;
constexpr std::uint16_t kIsCut = 0x0200;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kCodes = 0x000f;
constexpr std::uint16_t kServFail = 2;
constexpr std::uint16_t kNxDomain = 3;
constexpr std::uint16_t kRefused = 5;
constexpr std::uint16_t kInternet = 1;

void append(std::vector<std::byte>& message, std::uint16_t number) {
  constexpr unsigned kByte = 8;
  message.push_back(static_cast<std::byte>(number >> kByte));
  message.push_back(static_cast<std::byte>(number));
}

/// Empty where the name cannot be asked for.
std::vector<std::byte> message_for(const facts::Question& question) {
  const auto name = to_wire(question.name);
  std::array<std::byte, 2> id{};
  if (!name || getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) return {};
  std::vector<std::byte> message(id.begin(), id.end());
  append(message, kRecursionDesired);
  append(message, 1);
  for (int section = 0; section < 3; ++section) append(message, 0);
  message.insert(message.end(), name->begin(), name->end());
  append(message, static_cast<std::uint16_t>(type_number(question.type)));
  append(message, kInternet);
  return message;
}

std::optional<LookupResult> result_of(std::span<const std::byte> answer, std::span<const std::byte> asked) {
  ByteReader reader(answer);
  ByteReader question(asked);
  const bool is_ours = reader.u16() == question.u16();
  const std::uint16_t flags = reader.u16();
  reader.u16();
  const std::uint16_t answers = reader.u16();
  if (!reader.ok() || !is_ours || (flags & kIsResponse) == 0) return std::nullopt;
  switch (flags & kCodes) {
    case 0:
      return answers > 0 || (flags & kIsCut) != 0 ? LookupResult::Ok : LookupResult::NoData;
    case kServFail:
      return LookupResult::ServFail;
    case kNxDomain:
      return LookupResult::NxDomain;
    case kRefused:
      return LookupResult::Refused;
    default:
      return LookupResult::Failed;
  }
}

}  // namespace

DnsInquiry::DnsInquiry(const DnsServer& server, const facts::Question& question, Moment now)
    : socket_(::socket(server.address.get()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      message_(message_for(question)),
      begun_(now) {
  if (message_.empty()) {
    result_ = LookupResult::Failed;
  } else if (!socket_.is_open() || ::connect(socket_.number(), server.address.get(), server.address.length()) != 0) {
    result_ = LookupResult::Unreachable;
  } else {
    send();
  }
}

void DnsInquiry::send() {
  if (::send(socket_.number(), message_.data(), message_.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
    result_ = LookupResult::Unreachable;
  }
}

void DnsInquiry::advance(Moment now) {
  constexpr std::size_t kLongestAnswer = 65535;
  std::vector<std::byte> answer(kLongestAnswer);
  while (!result_) {
    const ssize_t size = ::recv(socket_.number(), answer.data(), answer.size(), 0);
    if (size >= 0) {
      result_ = result_of(std::span(answer).first(static_cast<std::size_t>(size)), message_);
    } else if (errno == EAGAIN || errno == EINTR) {
      break;
    } else {
      result_ = LookupResult::Unreachable;
    }
  }
  if (result_ || has_repeated_ || now < begun_ + kRepeatAfter) return;
  has_repeated_ = true;
  send();
}

std::optional<Moment> DnsInquiry::next() const {
  if (result_ || has_repeated_) return std::nullopt;
  return begun_ + kRepeatAfter;
}

}  // namespace smtpath::io
