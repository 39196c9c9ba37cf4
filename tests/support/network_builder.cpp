#include "support/network_builder.h"

#include <algorithm>
#include <cassert>

namespace smtpath::test {

NetworkBuilder& NetworkBuilder::at(int ttl) {
  assert(ttl >= 1 && ttl < path_.distance());
  current_ = static_cast<std::size_t>(ttl) - 1;
  on_branch_.reset();
  return *this;
}

NetworkBuilder& NetworkBuilder::server() {
  current_ = path_.devices.size() - 1;
  on_branch_.reset();
  return *this;
}

NetworkBuilder& NetworkBuilder::branch(std::size_t split, std::size_t branch, std::size_t device) {
  assert(split < path_.splits.size() && branch < path_.splits[split].branches());
  const int at = path_.splits[split].at;
  if (branch == 0) return this->at(at + 1 + static_cast<int>(device));
  this->at(at);
  on_branch_ = {.split = split, .branch = branch, .device = device};
  return *this;
}

Device& NetworkBuilder::current() {
  if (!on_branch_) return path_.devices[current_];
  return path_.splits[on_branch_->split].others[on_branch_->branch - 1][on_branch_->device];
}

NetworkBuilder& NetworkBuilder::splits(int branches, int length) {
  const int at = static_cast<int>(current_) + 1;
  assert(branches >= 2 && length >= 1 && at + length < path_.distance());
  path_.splits.push_back(plain_split(path_, at, branches, length));
  return *this;
}

NetworkBuilder& NetworkBuilder::splits_by_packet(int branches, int length) {
  splits(branches, length);
  last_split().by = Split::By::Packet;
  return *this;
}

NetworkBuilder& NetworkBuilder::changes_path_after(Duration duration, int length) {
  splits(2, length);
  last_split().by = Split::By::Time;
  last_split().after = duration;
  return *this;
}

NetworkBuilder& NetworkBuilder::salt(std::uint32_t salt) {
  last_split().salt = salt;
  return *this;
}

Split& NetworkBuilder::last_split() {
  assert(!path_.splits.empty());
  return path_.splits.back();
}

NetworkBuilder& NetworkBuilder::before_ttl_check() {
  assert(!current().rules.empty());
  current().rules.back().before_ttl_check = true;
  return *this;
}

NetworkBuilder& NetworkBuilder::silent() {
  current().is_silent = true;
  return *this;
}

NetworkBuilder& NetworkBuilder::rate_limited(double burst, double per_second) {
  current().icmp_limit = {.burst = burst, .per_second = per_second};
  return *this;
}

NetworkBuilder& NetworkBuilder::initial_ttl(int ttl) {
  current().initial_ttl = Ttl{} + ttl;
  return *this;
}

NetworkBuilder& NetworkBuilder::quotes(std::size_t payload_bytes) {
  current().quoted_payload = payload_bytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::latency(Duration one_way) {
  current().link.latency = one_way;
  return *this;
}

NetworkBuilder& NetworkBuilder::addresses(int count) {
  for (int i = 1; i < count; ++i) {
    current().other_addresses.push_back(address_of(path_.client.family(), 3, static_cast<int>(10 * current_) + i));
  }
  return *this;
}

NetworkBuilder& NetworkBuilder::labels(std::uint32_t label) {
  current().mpls.push_back({.label = label, .traffic_class = 0, .bottom_of_stack = true, .ttl = 1});
  return *this;
}

NetworkBuilder& NetworkBuilder::jitter(Duration most) {
  current().link.jitter = most;
  return *this;
}

NetworkBuilder& NetworkBuilder::doubles_what_comes_back() {
  current().link.doubles_back = true;
  return *this;
}

NetworkBuilder& NetworkBuilder::loses(double out, double back) {
  current().link.loss_out = out;
  current().link.loss_back = back;
  return *this;
}

NetworkBuilder& NetworkBuilder::loses_in_bursts(Duration every, Duration lasting) {
  current().link.bursts = {.every = every, .lasts = lasting};
  return *this;
}

NetworkBuilder& NetworkBuilder::extra_return_hops(int hops) {
  current().extra_return_hops = hops;
  return *this;
}

NetworkBuilder& NetworkBuilder::loops_to(int ttl) {
  current().loops_to = ttl;
  return *this;
}

NetworkBuilder& NetworkBuilder::rewrites(const Rewriting& rewriting) {
  current().rewriting = rewriting;
  return *this;
}

NetworkBuilder& NetworkBuilder::forwards_zero_ttl() {
  current().forwards_zero_ttl = true;
  return *this;
}

NetworkBuilder& NetworkBuilder::speaks_as_target() {
  current().speaks_as_target = true;
  return *this;
}

NetworkBuilder& NetworkBuilder::open(Port port) {
  path_.server.open.push_back(port);
  return *this;
}

NetworkBuilder& NetworkBuilder::closed(Port port) {
  std::erase(path_.server.open, port);
  return *this;
}

NetworkBuilder& NetworkBuilder::forwards(Port port) {
  path_.server.forwarded.push_back(port);
  return *this;
}

NetworkBuilder& NetworkBuilder::forwards_closed(Port port) {
  path_.server.forwarded_closed.push_back(port);
  return *this;
}

NetworkBuilder& NetworkBuilder::echo(bool answered) {
  path_.server.answers_echo = answered;
  return *this;
}

NetworkBuilder& NetworkBuilder::timestamps(bool sent) {
  path_.server.habits.has_timestamps = sent;
  return *this;
}

NetworkBuilder& NetworkBuilder::habits(ListenerHabits habits) {
  path_.server.habits = habits;
  return *this;
}

NetworkBuilder& NetworkBuilder::leads_elsewhere(Port port, int distance) {
  path_.detours.push_back(plain_detour(path_, port, static_cast<int>(current_) + 1, distance));
  return *this;
}

NetworkBuilder& NetworkBuilder::translates_errors(bool translated) {
  assert(!path_.detours.empty());
  path_.detours.back().translates_errors = translated;
  return *this;
}

NetworkBuilder& NetworkBuilder::nobody() {
  path_.server.exists = false;
  return *this;
}

NetworkBuilder& NetworkBuilder::queue_full(double share) {
  path_.server.queue_is_full = share;
  return *this;
}

NetworkBuilder& NetworkBuilder::rule(std::optional<Port> port, Action action) {
  current().rules.push_back({.port = port, .action = action, .before_ttl_check = false});
  return *this;
}

}  // namespace smtpath::test
