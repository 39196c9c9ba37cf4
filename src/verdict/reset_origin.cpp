#include "verdict/reset_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using session::Phase;
using session::Reset;
using session::Session;
using session::Side;
using session::Stream;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Paths change by a hop within one connection.
constexpr int kOrdinaryTtlChange = 1;
/// IP IDs of one counter lie no farther apart (see Stream::identification_rises).
constexpr int kIdentificationStep = 1024;
/// Two packets say nothing of a counter.
constexpr std::uint64_t kPacketsForCounter = 3;
constexpr int kCopiedIdentificationStep = 4;
/// So long after a reset, a receiver that still sends data has not obeyed it.
constexpr Duration kObeyed = seconds(1);
/// Captures mix up the order of packets within that.
constexpr Duration kDisorder = milliseconds(10);
constexpr Duration kBurst = milliseconds(10);
/// Below that, a round trip is too short to compare with.
constexpr Duration kShortestRoundTrip = milliseconds(2);
/// Sequence numbers so far back are none that the peer ever acknowledged.
constexpr std::int32_t kFarBack = -(1 << 20);

/// Steps from one IP ID to the next, forwards or backwards.
int identification_distance(std::uint16_t from, std::uint16_t to) {
  const int forwards = static_cast<std::uint16_t>(to - from);
  return std::min(forwards, 0x10000 - forwards);
}

bool is_syn_after(const Session& session, Time at) {
  return session.syn_sent > session.syn_times.size() ||
         std::any_of(session.syn_times.begin(), session.syn_times.end(), [&](Time syn) { return syn > at; });
}

/// The apparent sender goes on talking: it does not know of the reset.
std::optional<std::string> talk_after(const Reset& reset, const Session& session) {
  if (reset.talk_after == 0) return std::nullopt;
  if (reset.phase == Phase::Handshake && (reset.from == Side::Client || is_syn_after(session, reset.at))) {
    return std::nullopt;
  }
  const bool is_overtaken = reset.sequence_offset.value_or(0) > 0 && reset.first_after.value_or(kDisorder) < kDisorder;
  if (is_overtaken) return std::nullopt;
  std::string sign =
      fmt::format("the {} went on talking afterwards ({}", name_of(reset.from), number_of(reset.talk_after, "packet"));
  if (reset.first_after) sign += fmt::format(", the first {} later", time_words(*reset.first_after));
  return sign + ")";
}

std::optional<std::string> other_ttl(const Reset& reset, const Stream& own) {
  if (!reset.sender_was_seen) return std::nullopt;
  if (std::abs(reset.ttl - reset.sender_ttl) <= kOrdinaryTtlChange) return std::nullopt;
  const bool is_in_range = own.packets > 0 && reset.ttl - own.lowest_ttl >= -kOrdinaryTtlChange &&
                           reset.ttl - own.highest_ttl <= kOrdinaryTtlChange;
  if (is_in_range) return std::nullopt;
  return fmt::format("its TTL is {}, that of the {}'s other packets {}", reset.ttl.hops, name_of(reset.from),
                     reset.sender_ttl.hops);
}

std::optional<std::string> other_identification(const Reset& reset, const Stream& own) {
  if (!reset.sender_was_seen || reset.identification == 0 || own.packets < kPacketsForCounter) return std::nullopt;
  if (own.identification_is_zero) {
    return fmt::format("it has an IP ID ({}), which the {}'s other packets have not", reset.identification,
                       name_of(reset.from));
  }
  if (!own.identification_rises) return std::nullopt;
  if (identification_distance(reset.sender_identification, reset.identification) <= kIdentificationStep) {
    return std::nullopt;
  }
  return fmt::format("its IP ID ({}) is out of line with the {}'s counter ({})", reset.identification,
                     name_of(reset.from), reset.sender_identification);
}

/// A reset of the peer has a window of the peer's, or none.
std::optional<std::string> copied_window(const Reset& reset, const Stream& own, const Stream& other) {
  const bool is_copy = reset.window != 0 && reset.window == other.last_window && reset.window != own.last_window;
  if (!is_copy || !reset.sender_was_seen || other.packets == 0) return std::nullopt;
  return fmt::format("it bears the {}'s window ({})", name_of(session::other(reset.from)), reset.window);
}

std::optional<std::string> copied_identification(const Reset& reset, const Stream& own, const Stream& other) {
  if (reset.identification == 0 || other.last_identification == 0 || other.packets == 0) return std::nullopt;
  const bool is_like_own =
      reset.sender_was_seen &&
      identification_distance(reset.sender_identification, reset.identification) <= kIdentificationStep;
  if (is_like_own || own.packets == 0) return std::nullopt;
  if (identification_distance(other.last_identification, reset.identification) > kCopiedIdentificationStep) {
    return std::nullopt;
  }
  return fmt::format("its IP ID ({}) continues the {}'s", reset.identification, name_of(session::other(reset.from)));
}

/// From where it was captured to the side and back.
std::optional<Duration> round_trip(Side side, const Session& session) {
  if (!session.server_round_trip) return std::nullopt;
  if (side == Side::Server) return session.server_round_trip;
  if (!session.handshake) return std::nullopt;
  return *session.handshake - *session.server_round_trip;
}

/// It answers a word that cannot have arrived yet.
std::optional<std::string> too_early(const Reset& reset, const Session& session) {
  const Side other = session::other(reset.from);
  const auto trip = round_trip(reset.from, session);
  const auto word = session.streams.of(other).last_payload;
  if (!trip || *trip < kShortestRoundTrip || !word || *word > reset.at) return std::nullopt;
  const Duration after_word = between(*word, reset.at);
  if (after_word >= *trip / 2 || reset.after_own.value_or(after_word) < after_word) return std::nullopt;
  return fmt::format("it came {} after the {}'s last word, and the way to the {} and back takes {}",
                     time_words(after_word), name_of(other), name_of(reset.from), time_words(*trip));
}

std::optional<std::string> wrong_sequence(const Reset& reset, const Stream& own) {
  if (!reset.sequence_offset || own.gaps > 0 || own.bytes_not_captured > 0) return std::nullopt;
  const std::int32_t offset = *reset.sequence_offset;
  if (offset <= 1 && offset > kFarBack) return std::nullopt;
  return fmt::format("its sequence number is {} {} the next", std::abs(std::int64_t{offset}),
                     offset > 0 ? "beyond" : "before");
}

/// One injector sends several at once: the same packet again, or guesses of later sequence numbers.
std::optional<std::string> burst(const Reset& reset, const Session& session) {
  std::uint64_t alike = 0;
  std::uint64_t in_burst = 0;
  bool has_guess = false;
  for (const Reset& each : session.resets) {
    if (each.from != reset.from || each.phase == Phase::AfterFin) continue;
    if (between(reset.at, each.at) > kBurst || between(each.at, reset.at) > kBurst) continue;
    ++in_burst;
    if (each.identification == reset.identification && each.identification != 0) ++alike;
    has_guess = has_guess || (each.sequence_offset.value_or(0) > 1 && each.sequence_offset != reset.sequence_offset);
  }
  if (in_burst < 2 || (alike < 2 && !has_guess)) return std::nullopt;
  return fmt::format("{} came at once, {}", number_of(in_burst, "reset"),
                     has_guess ? "with rising sequence numbers" : "all with one IP ID");
}

bool is_ignored(const Reset& reset, const Session& session) {
  const auto last_word = session.streams.of(session::other(reset.from)).last_payload;
  return last_word && between(reset.at, *last_word) > std::max(kObeyed, session.handshake.value_or(kObeyed));
}

}  // namespace

ResetOrigin origin_of(const Reset& reset, const Session& session) {
  ResetOrigin origin{
      .reset = &reset, .by = reset.from == Side::Client ? ResetBy::Client : ResetBy::Server, .signs = {}};
  if (auto proof = talk_after(reset, session)) {
    origin.by = ResetBy::Path;
    origin.signs.push_back(*std::move(proof));
  }
  const Stream& own = session.streams.of(reset.from);
  const Stream& other = session.streams.of(session::other(reset.from));
  const auto count = [&](std::initializer_list<std::optional<std::string>> found) {
    std::size_t present = 0;
    for (const auto& sign : found) {
      if (!sign) continue;
      origin.signs.push_back(*sign);
      ++present;
    }
    return present;
  };
  // Made from the packet that it answers. One IP ID is one sign.
  auto copied = copied_identification(reset, own, other);
  const auto strange = copied ? std::nullopt : other_identification(reset, own);
  if (!copied) copied = copied_window(reset, own, other);
  const std::size_t of_behaviour =
      count({too_early(reset, session), wrong_sequence(reset, own), burst(reset, session), copied});
  const std::size_t of_header = count({other_ttl(reset, own), strange});
  if (of_behaviour >= 2 || (of_behaviour == 1 && of_header >= 1)) origin.by = ResetBy::Path;
  return origin;
}

std::optional<ResetOrigin> decisive_reset(const Session& session) {
  for (const Reset& reset : session.resets) {
    if (reset.phase == Phase::AfterFin || is_ignored(reset, session)) continue;
    return origin_of(reset, session);
  }
  return std::nullopt;
}

}  // namespace smtpath::verdict
