#pragma once

// Runs as reports would tell of them, made without any packet: what the writers are tested on.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/report/json.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"
#include "smtpath/report/text.h"

namespace smtpath::report::samples {

IpAddress ip(std::string_view text);
constexpr Duration ms(double milliseconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

/// The way to one target: its routers' addresses in order ("" for one that never answers), the destination last.
class Way {
 public:
  explicit Way(std::vector<std::string> hops) : hops_(std::move(hops)) {}

  Ttl distance() const { return Ttl{static_cast<std::uint8_t>(hops_.size())}; }
  IpAddress destination() const { return ip(hops_.back()); }
  verdict::HopReference hop(int ttl) const;

  /// A port whose probes draw a time exceeded from every hop before the destination, which answers `kind`.
  PortReport answered(std::uint16_t port, path::ReplyKind kind) const;
  /// A port whose probes are answered up to `last_reached` and draw nothing beyond it.
  PortReport silent_beyond(std::uint16_t port, int last_reached) const;
  /// A port whose probes are answered up to `last_reached`, and with a reset in the destination's name beyond it.
  PortReport reset_beyond(std::uint16_t port, int last_reached) const;
  /// A port whose probes of more than `last_reached` hops draw an ICMP error from the hop `sender`.
  PortReport unreachable_beyond(std::uint16_t port, int last_reached, int sender, std::uint8_t code) const;

  TargetReport target(std::string name, std::vector<PortReport> ports) const;

 private:
  HopReport passed(int ttl) const;

  std::vector<std::string> hops_;
};

verdict::Verdict verdict_of(verdict::Kind kind, verdict::Confidence confidence, std::vector<std::string> evidence);

/// Five routers; 25 is reset at hop 3, 465 dropped behind it, 587 open, 2525 refused.
TargetReport one_of_each();
/// The same with long IPv6 addresses.
TargetReport one_of_each_over_ipv6();
/// Fifteen hops, five of them silent; 25 vanishes behind hop 6.
TargetReport far_away();
/// One target for each verdict, and others for places and causes; each named for what it shows.
std::vector<TargetReport> every_verdict();

/// A mail exchanger's address, found at the second resolver; the MX record's host is an alias.
facts::TargetLookup lookup_by_mx();

/// A whole run, and what becomes of it.
struct Run {
  RunBeginning beginning;
  std::vector<TargetReport> targets;
  RunEnding ending;
};
Run run_of(std::vector<TargetReport> targets);
void write_json(const Run& run, const Sink& sink);
std::string json_of(const Run& run);
std::string text_of(const Run& run, const TextStyle& style);
std::string summary_line_of(const Run& run);
RunTally tally_of(const Run& run);

}  // namespace smtpath::report::samples
