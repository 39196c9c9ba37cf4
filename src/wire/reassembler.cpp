#include "wire/reassembler.h"

#include <algorithm>

namespace smtpath::wire {

namespace {

// What the length field of either family can say, less the shortest header of IPv4.
constexpr std::uint32_t kLongestIpv4 = 65535 - 20;
constexpr std::uint32_t kLongestIpv6 = 65535;

// All fragments but the last one carry whole units of 8 bytes.
constexpr std::uint32_t kUnit = 8;

bool is_well_formed(const IpDatagram& fragment) {
  const IpHeader& ip = fragment.header;
  const std::uint32_t longest = ip.source.is_ipv4() ? kLongestIpv4 : kLongestIpv6;
  if (fragment.payload_length > longest || ip.fragment_offset > longest - fragment.payload_length) return false;
  return !ip.more_fragments || fragment.payload_length % kUnit == 0;
}

}  // namespace

Reassembler::Outcome Reassembler::add(Time now, IpDatagram& datagram) {
  const IpHeader& ip = datagram.header;
  ++counters_.fragments;
  expire(now);
  const auto pending = find(now, {.source = ip.source,
                                  .destination = ip.destination,
                                  .identification = datagram.fragment_identification,
                                  .protocol = ip.source.is_ipv4() ? ip.protocol : std::uint8_t{0}});
  const bool is_cut = datagram.payload.size() < datagram.payload_length;
  if (pending->state != State::Waiting) return is_cut ? Outcome::Cut : Outcome::Waiting;

  const Range range{.begin = ip.fragment_offset, .end = ip.fragment_offset + datagram.payload_length};
  if (is_cut || !is_well_formed(datagram) || !take(pending, datagram, range)) {
    give_up(pending);
    return is_cut ? Outcome::Cut : Outcome::Waiting;
  }
  if (!pending->is_whole()) return Outcome::Waiting;
  complete(pending, now, datagram);
  return Outcome::Completed;
}

Reassembler::Position Reassembler::find(Time now, const Key& key) {
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    const Position pending = known->second;
    if (pending->state != State::Completed || now - pending->since <= kRepetitionTime) return pending;
    erase(pending);
  }
  if (pending_.size() == kMostDatagrams) erase(pending_.begin());
  pending_.push_back({.key = key, .since = now, .first = {}, .length = {}, .bytes = {}, .received = {}});
  const auto pending = std::prev(pending_.end());
  by_key_.emplace(key, pending);
  ++counters_.waiting;
  return pending;
}

void Reassembler::expire(Time now) {
  while (!pending_.empty() && now - pending_.front().since > kLongestWait) erase(pending_.begin());
}

bool Reassembler::take(Position pending, const IpDatagram& fragment, Range range) {
  const bool is_last = !fragment.header.more_fragments;
  if (is_last && pending->length.value_or(range.end) != range.end) return false;
  if (is_last) pending->length = range.end;
  const std::uint32_t known_end = pending->received.empty() ? 0 : pending->received.back().end;
  if (pending->length && std::max(range.end, known_end) > *pending->length) return false;
  if (range.begin == range.end) return true;
  if (!agrees(*pending, fragment.payload, range)) return false;
  if (range.begin == 0) pending->first = fragment;
  make_room(pending, range.end);
  store(*pending, fragment.payload, range);
  return true;
}

bool Reassembler::agrees(const Pending& pending, std::span<const std::byte> bytes, Range range) const {
  return std::all_of(pending.received.begin(), pending.received.end(), [&](const Range& known) {
    const std::uint32_t begin = std::max(known.begin, range.begin);
    const std::uint32_t end = std::min(known.end, range.end);
    if (begin >= end) return true;
    const auto there = std::span(pending.bytes).subspan(begin, end - begin);
    return std::equal(there.begin(), there.end(), bytes.subspan(begin - range.begin).begin());
  });
}

void Reassembler::make_room(Position pending, std::size_t end) {
  const std::size_t present = pending->bytes.size();
  if (end <= present) return;
  const std::size_t added = end - present;
  for (auto oldest = pending_.begin(); bytes_ + added > kMostBytes && oldest != pending_.end();) {
    const auto next = std::next(oldest);
    if (oldest != pending) erase(oldest);
    oldest = next;
  }
  bytes_ += added;
  pending->bytes.resize(end);
}

void Reassembler::store(Pending& pending, std::span<const std::byte> bytes, Range range) {
  std::copy(bytes.begin(), bytes.end(), pending.bytes.begin() + range.begin);

  // Joins the ranges that it touches.
  auto& received = pending.received;
  const auto first =
      std::find_if(received.begin(), received.end(), [&](const Range& known) { return known.end >= range.begin; });
  const auto last = std::find_if(first, received.end(), [&](const Range& known) { return known.begin > range.end; });
  if (first != last) range = {std::min(range.begin, first->begin), std::max(range.end, std::prev(last)->end)};
  received.insert(received.erase(first, last), range);
}

void Reassembler::complete(Position pending, Time now, IpDatagram& datagram) {
  bytes_ -= pending->bytes.size();
  completed_.push_back(std::move(pending->bytes));
  datagram = pending->first;
  datagram.header.more_fragments = false;
  datagram.header.total_length += *pending->length - datagram.payload_length;
  datagram.payload_length = *pending->length;
  datagram.payload = completed_.back();

  pending->state = State::Completed;
  pending->since = now;
  pending->bytes = {};
  pending->received = {};
  pending_.splice(pending_.end(), pending_, pending);
  --counters_.waiting;
  ++counters_.reassembled;
}

void Reassembler::give_up(Position pending) {
  pending->state = State::GivenUp;
  bytes_ -= pending->bytes.size();
  pending->bytes = {};
  pending->received = {};
  --counters_.waiting;
  ++counters_.given_up;
}

void Reassembler::erase(Position pending) {
  if (pending->state == State::Waiting) give_up(pending);
  by_key_.erase(pending->key);
  pending_.erase(pending);
}

}  // namespace smtpath::wire
