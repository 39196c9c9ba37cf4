#pragma once

// Declares a simulated path in the words of the domain:
//
//   routers(5).at(3).drops(Port{25}).before_ttl_check().at(4).silent().server().open(Port{587}).echo(false)
//
// at(), server() and branch() choose the device that the words behind them speak of.

#include "support/network_path.h"

namespace smtpath::test {

class NetworkBuilder {
 public:
  NetworkBuilder(int router_count, Family family) : path_(plain_path(router_count, family)) {}

  operator NetworkPath() const { return path_; }  // NOLINT(google-explicit-constructor)

  /// The router at this hop, 1 being the nearest.
  NetworkBuilder& at(int ttl);
  NetworkBuilder& server();
  /// The device at this place of a branch, both counted from 0; branch 0 is the path itself.
  NetworkBuilder& branch(std::size_t split, std::size_t branch, std::size_t device = 0);

  /// Behind the router at() packets go on over so many branches of `length` routers each, as their flow decides.
  NetworkBuilder& splits(int branches, int length = 1);
  NetworkBuilder& splits_by_packet(int branches, int length = 1);
  /// From then on packets go over a second branch, `duration` after the first one was sent.
  NetworkBuilder& changes_path_after(Duration duration, int length = 1);
  /// Of the split that was declared last.
  NetworkBuilder& salt(std::uint32_t salt);

  NetworkBuilder& drops(Port port) { return rule(port, Drop{}); }
  NetworkBuilder& resets(Port port) { return rule(port, Reset{}); }
  NetworkBuilder& resets_barely(Port port) { return rule(port, Reset{.is_bare = true}); }
  NetworkBuilder& injects_resets(Port port) { return rule(port, Inject{}).before_ttl_check(); }
  NetworkBuilder& injects(Port port, const Inject& inject) { return rule(port, inject).before_ttl_check(); }
  NetworkBuilder& injects_errors(Port port, const InjectError& inject) { return rule(port, inject).before_ttl_check(); }
  NetworkBuilder& rejects(Port port, Unreachable reason) { return rule(port, Reject{reason}); }
  NetworkBuilder& drops_everything() { return rule({}, Drop{}); }
  NetworkBuilder& rejects_everything(Unreachable reason) { return rule({}, Reject{reason}); }
  /// SYNs beyond so many at once and a second.
  NetworkBuilder& limits(Port port, double burst, double per_second) {
    return rule(port, LimitRate{.burst = burst, .per_second = per_second});
  }
  NetworkBuilder& proxies_syns(Port port) { return rule(port, SynProxy{}); }
  /// Before the TTL check, as REDIRECT and TPROXY are.
  NetworkBuilder& redirects(Port port) { return rule(port, TakeOver{}).before_ttl_check(); }
  /// Even of addresses that nobody has.
  NetworkBuilder& redirects_everywhere(Port port) {
    return rule(port, TakeOver{.is_for_any_address = true}).before_ttl_check();
  }
  /// Of the rule that was declared last.
  NetworkBuilder& before_ttl_check();

  NetworkBuilder& silent();
  NetworkBuilder& rate_limited(double burst, double per_second);
  NetworkBuilder& initial_ttl(int ttl);
  NetworkBuilder& quotes(std::size_t payload_bytes);
  /// Answers from so many addresses, its own included, as the source port decides.
  NetworkBuilder& addresses(int count);
  NetworkBuilder& labels(std::uint32_t label);
  NetworkBuilder& latency(Duration one_way);
  NetworkBuilder& jitter(Duration most);
  NetworkBuilder& doubles_what_comes_back();
  NetworkBuilder& loses(double out, double back);
  NetworkBuilder& loses_in_bursts(Duration every, Duration lasting);
  NetworkBuilder& extra_return_hops(int hops);
  NetworkBuilder& loops_to(int ttl);
  NetworkBuilder& rewrites(const Rewriting& rewriting);
  NetworkBuilder& forwards_zero_ttl();
  /// Errors bear the target's address.
  NetworkBuilder& speaks_as_target();

  NetworkBuilder& open(Port port);
  /// As every port is that nothing is said of.
  NetworkBuilder& closed(Port port);
  NetworkBuilder& forwards(Port port);
  NetworkBuilder& forwards_closed(Port port);
  NetworkBuilder& echo(bool answered);
  NetworkBuilder& timestamps(bool sent);
  NetworkBuilder& habits(ListenerHabits habits);
  NetworkBuilder& nobody();
  /// Of an open port: for this share of the time.
  NetworkBuilder& queue_full(double share);

  /// The router at() translates the destination of packets to `port`: to a host so many hops from here.
  NetworkBuilder& leads_elsewhere(Port port, int distance);
  /// Of the translation that was declared last.
  NetworkBuilder& translates_errors(bool translated);

 private:
  NetworkBuilder& rule(std::optional<Port> port, Action action);
  Device& current();
  Split& last_split();

  // Of a split, but for branch 0.
  struct BranchPlace {
    std::size_t split = 0;
    std::size_t branch = 1;
    std::size_t device = 0;
  };

  NetworkPath path_;
  // Of the path; the router before a branch.
  std::size_t current_ = 0;
  std::optional<BranchPlace> on_branch_;
};

inline NetworkBuilder routers(int count, Family family = Family::Ipv4) {
  return NetworkBuilder(count, family);
}

}  // namespace smtpath::test
