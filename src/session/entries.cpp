#include "session/entries.h"

#include <chrono>

namespace smtpath::session {

namespace {

constexpr Duration kRenewal = std::chrono::seconds(1);

bool is_between(const Entry& entry, const wire::IpHeader& ip, const wire::TcpSegment& tcp) {
  const auto is = [](const Endpoint& endpoint, const IpAddress& address, Port port) {
    return endpoint.port == port && endpoint.address == address;
  };
  return (is(entry.client, ip.source, tcp.source_port) && is(entry.server, ip.destination, tcp.destination_port)) ||
         (is(entry.server, ip.source, tcp.source_port) && is(entry.client, ip.destination, tcp.destination_port));
}

}  // namespace

std::uint32_t Entries::find(const wire::IpHeader& ip, const wire::TcpSegment& tcp) const {
  return table_.find(hash_of(ip, tcp), [&](std::uint32_t entry) { return is_between(entries_[entry], ip, tcp); });
}

std::uint32_t Entries::find(const Endpoint& one, const Endpoint& other) const {
  return table_.find(hash_of(one, other), [&](std::uint32_t entry) {
    const Entry& known = entries_[entry];
    return (known.client == one && known.server == other) || (known.client == other && known.server == one);
  });
}

std::uint32_t Entries::add(const Endpoint& client, const Endpoint& server, Silence silence, Duration now) {
  const std::uint32_t hash = hash_of(client, server);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t entry = free_.back();
  if (!table_.insert(hash, entry)) return kNone;
  free_.pop_back();
  Entry& added = entries_[entry];
  added.client = client;
  added.server = server;
  added.hash = hash;
  added.number = ++numbers_;
  append(entry, silence, now);
  return entry;
}

void Entries::renew(std::uint32_t entry, Silence silence, Duration now) {
  const Entry& known = entries_[entry];
  if (known.silence == silence && now - known.listed < kRenewal) return;
  detach(entry);
  append(entry, silence, now);
}

void Entries::end(std::uint32_t entry, Duration now) {
  table_.erase(entries_[entry].hash, entry);
  detach(entry);
  append(entry, Silence::Ended, now);
}

void Entries::remove(std::uint32_t entry) {
  if (entries_[entry].silence != Silence::Ended) table_.erase(entries_[entry].hash, entry);
  detach(entry);
  entries_[entry].connection.reset();
  entries_[entry].newcomer.reset();
  free_.push_back(entry);
}

std::vector<std::uint32_t> Entries::all(Silence silence) const {
  std::vector<std::uint32_t> entries;
  for (std::uint32_t entry = quietest(silence); entry != kNone; entry = entries_[entry].behind) {
    entries.push_back(entry);
  }
  return entries;
}

void Entries::append(std::uint32_t entry, Silence silence, Duration now) {
  List& to = list(silence);
  Entry& added = entries_[entry];
  added.silence = silence;
  added.listed = now;
  added.before = to.last;
  added.behind = kNone;
  (to.last == kNone ? to.first : entries_[to.last].behind) = entry;
  to.last = entry;
  ++to.count;
}

void Entries::detach(std::uint32_t entry) {
  const Entry& removed = entries_[entry];
  List& from = list(removed.silence);
  (removed.before == kNone ? from.first : entries_[removed.before].behind) = removed.behind;
  (removed.behind == kNone ? from.last : entries_[removed.behind].before) = removed.before;
  --from.count;
}

}  // namespace smtpath::session
