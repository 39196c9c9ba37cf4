#include "unit/report/samples.h"

#include "smtpath/report/conclusion.h"

namespace smtpath::report::samples {

namespace {

using path::ReplyKind;
using verdict::Confidence;
using verdict::Kind;
using verdict::Place;

constexpr std::uint8_t kUnreachableV4 = 3;
constexpr std::uint8_t kUnreachableV6 = 1;

PortReport port_of(std::uint16_t number) {
  PortReport port;
  port.port = Port{number};
  port.role = number == 25 ? path::Role::Subject : path::Role::Control;
  port.flows.push_back({.id = 0, .source_port = Port{40112}, .kind = std::nullopt, .elicit = std::nullopt});
  return port;
}

Duration rtt_at(int ttl) {
  return ms(0.4 + 0.83 * ttl);
}

HopReport hop_of(int ttl, std::vector<ReplyReport> replies) {
  return {.ttl = Ttl{static_cast<std::uint8_t>(ttl)}, .sent = replies.empty() ? 3 : 1, .replies = std::move(replies)};
}

void set_answer(PortReport& port, const ReplyReport& reply, int elicit) {
  const Ttl ttl{static_cast<std::uint8_t>(elicit)};
  port.answer = {.kind = reply.kind,
                 .from = reply.from,
                 .ttl = reply.ttl,
                 .elicit = ttl,
                 .back = 64 - reply.ttl.hops + 1,
                 .rtt = reply.rtt,
                 .icmp = reply.icmp};
  port.flows.front().kind = reply.kind;
  port.flows.front().elicit = ttl;
}

}  // namespace

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

verdict::Verdict verdict_of(Kind kind, Confidence confidence, std::vector<std::string> evidence) {
  verdict::Verdict verdict;
  verdict.kind = kind;
  verdict.confidence = confidence;
  for (std::string& text : evidence) verdict.evidence.push_back({.rule = "a-rule", .text = std::move(text)});
  return verdict;
}

verdict::HopReference Way::hop(int ttl) const {
  const verdict::HopReference silent{.ttl = Ttl{static_cast<std::uint8_t>(ttl)}, .address = std::nullopt};
  if (ttl == 0) return silent;
  const std::string& address = hops_.at(static_cast<std::size_t>(ttl) - 1);
  return address.empty() ? silent : verdict::HopReference{.ttl = silent.ttl, .address = ip(address)};
}

HopReport Way::passed(int ttl) const {
  const auto address = hop(ttl).address;
  if (!address) return hop_of(ttl, {});
  ReplyReport reply;
  reply.kind = ReplyKind::TimeExceeded;
  reply.from = *address;
  reply.rtt = rtt_at(ttl);
  reply.ttl = Ttl{static_cast<std::uint8_t>(65 - ttl)};
  reply.quoted_ttl = Ttl{1};
  return hop_of(ttl, {reply});
}

PortReport Way::answered(std::uint16_t port, ReplyKind kind) const {
  PortReport report = port_of(port);
  const int last = distance().hops;
  for (int ttl = 1; ttl < last; ++ttl) report.hops.push_back(passed(ttl));
  ReplyReport reply;
  reply.kind = kind;
  reply.from = destination();
  reply.rtt = rtt_at(last);
  reply.ttl = Ttl{static_cast<std::uint8_t>(65 - last)};
  report.hops.push_back(hop_of(last, {reply}));
  set_answer(report, reply, last);
  if (kind == ReplyKind::SynAck) {
    report.verdict = verdict_of(Kind::Open, Confidence::High, {"A SYN-ACK came from the destination's distance."});
  } else {
    report.verdict = verdict_of(Kind::Refused, Confidence::High,
                                {"The RST came from the destination's distance, as do the answers of other ports."});
    report.verdict.location = {
        .place = Place::Destination, .last_reached = hop(last), .first_missed = std::nullopt, .suspect = hop(last)};
  }
  return report;
}

PortReport Way::silent_beyond(std::uint16_t port, int last_reached) const {
  PortReport report = port_of(port);
  const int last = distance().hops;
  for (int ttl = 1; ttl <= last; ++ttl) {
    report.hops.push_back(ttl <= last_reached ? passed(ttl) : hop_of(ttl, {}));
  }
  int missed = last_reached + 1;
  while (!hop(missed).address) ++missed;
  report.verdict = verdict_of(Kind::Dropped, Confidence::High,
                              {"12 SYNs with TTLs beyond hop " + std::to_string(last_reached) +
                                   " left this host and drew nothing, while other ports were answered from there.",
                               "The last answer to this port came from hop " + std::to_string(last_reached) + "."});
  report.verdict.location = {.place = last_reached + 1 == last ? Place::Edge : Place::Path,
                             .last_reached = hop(last_reached),
                             .first_missed = hop(missed),
                             .suspect = std::nullopt};
  return report;
}

PortReport Way::reset_beyond(std::uint16_t port, int last_reached) const {
  PortReport report = port_of(port);
  ReplyReport reply;
  reply.kind = ReplyKind::Rst;
  reply.from = destination();
  reply.rtt = rtt_at(last_reached);
  reply.ttl = Ttl{static_cast<std::uint8_t>(65 - last_reached)};
  for (int ttl = 1; ttl <= last_reached; ++ttl) report.hops.push_back(passed(ttl));
  for (int ttl = last_reached + 1; ttl <= distance().hops; ++ttl) report.hops.push_back(hop_of(ttl, {reply}));
  set_answer(report, reply, last_reached + 1);
  report.verdict = verdict_of(
      Kind::ResetInjected, Confidence::High,
      {"The RST answers a probe of TTL " + std::to_string(last_reached + 1) + ", but " + to_string(destination()) +
           " is " + std::to_string(distance().hops) + " hops away: something nearer sent it.",
       "It travelled " + std::to_string(last_reached) + " hops back, as answers of hop " +
           std::to_string(last_reached) + " do; the SYN-ACK of port 587 travelled " + std::to_string(distance().hops) +
           "."});
  report.verdict.location = {.place = Place::Path,
                             .last_reached = hop(last_reached),
                             .first_missed = hop(last_reached + 1),
                             .suspect = hop(last_reached)};
  return report;
}

PortReport Way::unreachable_beyond(std::uint16_t port, int last_reached, int sender, std::uint8_t code) const {
  PortReport report = port_of(port);
  for (int ttl = 1; ttl <= last_reached; ++ttl) report.hops.push_back(passed(ttl));
  ReplyReport reply;
  reply.kind = ReplyKind::Unreachable;
  reply.from = hop(sender).address.value();
  reply.rtt = rtt_at(sender);
  reply.ttl = Ttl{static_cast<std::uint8_t>(65 - sender)};
  reply.icmp = {.type = destination().is_ipv4() ? kUnreachableV4 : kUnreachableV6, .code = code, .from = reply.from};
  report.hops.push_back(hop_of(last_reached + 1, {reply}));
  set_answer(report, reply, last_reached + 1);
  report.verdict = verdict_of(Kind::Rejected, Confidence::High,
                              {"Hop " + std::to_string(sender) + " says no, and to this port only."});
  report.verdict.location = {.place = sender == distance().hops ? Place::Destination : Place::Path,
                             .last_reached = hop(last_reached),
                             .first_missed = hop(last_reached + 1),
                             .suspect = hop(sender)};
  return report;
}

TargetReport Way::target(std::string name, std::vector<PortReport> ports) const {
  TargetReport target;
  target.target = std::move(name);
  target.address = destination();
  target.distance = distance();
  target.source = {
      .address = destination().is_ipv4() ? ip("10.0.0.5") : ip("2001:db8::5"), .interface = "eth0", .user = "nobody"};
  target.ports = std::move(ports);
  target.conclusion = conclusion_of(target);
  return target;
}

TargetReport one_of_each() {
  const Way way({"10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1", "203.0.113.9"});
  return way.target("mx.example.com", {way.reset_beyond(25, 3), way.silent_beyond(465, 3),
                                       way.answered(587, ReplyKind::SynAck), way.answered(2525, ReplyKind::Rst)});
}

TargetReport one_of_each_over_ipv6() {
  const Way way({"2001:db8:100:3::1", "2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:0:f00d::17:2",
                 "2a00:1450:8007:1::8d", "2a00:1450:4025:401:abcd:12ff:fe34:561a"});
  return way.target("mx6.example.com", {way.unreachable_beyond(25, 3, 3, 1), way.silent_beyond(465, 4),
                                        way.answered(587, ReplyKind::SynAck), way.answered(2525, ReplyKind::Rst)});
}

TargetReport far_away() {
  const Way way({"192.168.178.1", "100.64.0.1", "", "", "81.210.129.4", "81.210.148.17", "", "62.115.114.88",
                 "62.115.122.159", "", "", "", "142.251.65.90", "209.85.253.1", "142.250.27.26"});
  TargetReport target =
      way.target("gmail-smtp-in.l.example.net", {way.silent_beyond(25, 6), way.answered(465, ReplyKind::Rst),
                                                 way.answered(587, ReplyKind::SynAck), way.silent_beyond(2525, 14)});
  auto& spread = target.ports[2].hops[8].replies;
  spread.push_back(spread.front());
  spread.back().from = ip("62.115.140.21");
  spread.back().rtt = ms(9.87);
  return target;
}

std::vector<TargetReport> every_verdict() {
  const Way way({"10.0.1.1", "10.0.2.1", "10.0.3.1", "", "203.0.113.9"});
  const auto with = [&](PortReport port, verdict::Verdict verdict) {
    if (!verdict.location) verdict.location = port.verdict.location;
    port.verdict = std::move(verdict);
    return port;
  };
  const auto at = [](verdict::Verdict verdict, verdict::Location location) {
    verdict.location = location;
    return verdict;
  };
  const verdict::Location local{
      .place = Place::Local, .last_reached = way.hop(0), .first_missed = way.hop(1), .suspect = way.hop(0)};
  const auto unsent = [&](std::uint16_t number) {
    PortReport port = port_of(number);
    port.hops.push_back(hop_of(1, {}));
    return port;
  };
  const PortReport open587 = way.answered(587, ReplyKind::SynAck);
  std::vector<TargetReport> targets{
      way.target("open", {way.answered(25, ReplyKind::SynAck), open587}),
      way.target("open-with-closed-controls", {way.answered(25, ReplyKind::SynAck), way.answered(465, ReplyKind::Rst),
                                               open587, way.answered(2525, ReplyKind::Rst)}),
      way.target("refused", {way.answered(25, ReplyKind::Rst), way.answered(465, ReplyKind::Rst), open587}),
      way.target("dropped", {way.silent_beyond(25, 2), open587}),
      way.target("dropped-all", {way.silent_beyond(25, 2), way.silent_beyond(465, 2), way.silent_beyond(587, 2)}),
      Way({"10.0.1.1", "10.0.2.1", "203.0.113.9"})
          .target("dropped-at-the-edge", {Way({"10.0.1.1", "10.0.2.1", "203.0.113.9"}).silent_beyond(25, 2)}),
      way.target("dropped-locally",
                 {with(unsent(25), at(verdict_of(Kind::Dropped, Confidence::High,
                                                 {"The kernel refused the send: Operation not permitted (EPERM)."}),
                                      local)),
                  open587}),
      way.target("rejected", {way.unreachable_beyond(25, 2, 2, 13), open587}),
      way.target("rejected-at-the-server", {way.unreachable_beyond(25, 4, 5, 10), open587}),
      way.target("reset-injected", {way.reset_beyond(25, 2), open587}),
      way.target("unreachable",
                 {with(way.unreachable_beyond(25, 3, 3, 1), verdict_of(Kind::Unreachable, Confidence::High, {})),
                  with(way.unreachable_beyond(465, 3, 3, 1), verdict_of(Kind::Unreachable, Confidence::High, {}))}),
      way.target("no-route", {with(unsent(25), at(verdict_of(Kind::NoRoute, Confidence::High, {}), local)),
                              with(unsent(465), at(verdict_of(Kind::NoRoute, Confidence::High, {}), local))}),
  };

  PortReport proxied = way.answered(25, ReplyKind::SynAck);
  proxied.hops.resize(2);
  proxied.hops[1] = hop_of(2, way.answered(25, ReplyKind::SynAck).hops.back().replies);
  proxied.answer.elicit = Ttl{2};
  proxied.verdict =
      at(verdict_of(Kind::Intercepted, Confidence::High, {"The SYN-ACK answers a probe of TTL 2."}),
         {.place = Place::Path, .last_reached = way.hop(1), .first_missed = way.hop(2), .suspect = way.hop(2)});
  targets.push_back(way.target("intercepted", {proxied, open587}));

  PortReport wavering = way.silent_beyond(25, 3);
  wavering.hops.back() = way.answered(25, ReplyKind::SynAck).hops.back();
  wavering.hops.back().sent = 3;
  wavering.flows.push_back({.id = 1, .source_port = Port{40113}, .kind = ReplyKind::SynAck, .elicit = Ttl{5}});
  for (const auto cause :
       {verdict::Cause::PathDependent, verdict::Cause::RateLimited, verdict::Cause::Overloaded, verdict::Cause::Loss}) {
    verdict::Verdict verdict = verdict_of(Kind::Intermittent, Confidence::Medium, {"1 of 2 flows was answered."});
    verdict.cause = cause;
    targets.push_back(way.target("intermittent-" + std::string(to_string(cause)), {with(wavering, verdict), open587}));
  }
  for (const auto reason :
       {verdict::Reason::CaptureLoss, verdict::Reason::TooFewReplies, verdict::Reason::ContradictoryReplies,
        verdict::Reason::UnknownDistance, verdict::Reason::Interrupted, verdict::Reason::OtherRoute}) {
    verdict::Verdict verdict = verdict_of(Kind::Inconclusive, Confidence::Low, {"Too little is known."});
    verdict.reason = reason;
    TargetReport target =
        way.target("inconclusive-" + std::string(to_string(reason)), {with(way.silent_beyond(25, 2), verdict)});
    target.ports.front().verdict.location->place = Place::Unknown;
    target.ports.front().verdict.location->first_missed = std::nullopt;
    target.distance = std::nullopt;
    targets.push_back(std::move(target));
  }

  PortReport circling = way.silent_beyond(25, 3);
  for (int ttl = 4; ttl <= 30; ++ttl) {
    circling.hops.resize(static_cast<std::size_t>(ttl));
    circling.hops.back() = circling.hops[ttl % 2 == 0 ? 1 : 2];
    circling.hops.back().ttl = Ttl{static_cast<std::uint8_t>(ttl)};
  }
  circling.verdict =
      at(verdict_of(Kind::Loop, Confidence::High, {"10.0.2.1 and 10.0.3.1 answer by turns up to TTL 30."}),
         {.place = Place::Path,
          .last_reached = way.hop(3),
          .first_missed = verdict::HopReference{.ttl = Ttl{4}, .address = ip("10.0.2.1")},
          .suspect = std::nullopt});
  targets.push_back(way.target("loop", {circling}));
  targets.back().distance = std::nullopt;

  TargetReport unknown;
  unknown.target = "mx.invalid";
  unknown.error = {.kind = facts::TargetErrorKind::UnknownHost, .text = "mx.invalid does not exist"};
  unknown.conclusion = conclusion_of(unknown);
  targets.push_back(unknown);
  return targets;
}

Run run_of(std::vector<TargetReport> targets) {
  Run run;
  run.beginning = {
      .version = "0.1.0", .mode = Mode::Live, .started = Time{std::chrono::milliseconds{1'700'000'000'123}}};
  run.targets = std::move(targets);
  run.ending.capture = {.packets = 214, .dropped = 0, .undecodable = {{"truncated-ip", 2}}};
  run.ending.elapsed = ms(812.4);
  return run;
}

void write_json(const Run& run, const Sink& sink) {
  JsonReport report(run.beginning, sink);
  for (const TargetReport& target : run.targets) report.write(target);
  report.write(tally_of(run), run.ending);
}

std::string json_of(const Run& run) {
  std::string text;
  write_json(run, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string text_of(const Run& run, const TextStyle& style) {
  std::string text;
  for (const TargetReport& target : run.targets) {
    if (!text.empty()) text += rule_between_targets();
    text += report::text_of(target, style);
  }
  return text + report::text_of(tally_of(run), style) + report::text_of(run.ending, style);
}

std::string summary_line_of(const Run& run) {
  return json_summary_line_of(tally_of(run), run.ending);
}

RunTally tally_of(const Run& run) {
  RunTally tally;
  for (const TargetReport& target : run.targets) tally.add(target);
  return tally;
}

facts::TargetLookup lookup_by_mx() {
  facts::Lookup mx;
  mx.question = {"example.com", facts::RecordType::Mx};
  mx.result = facts::LookupResult::Ok;
  mx.answer = {facts::MxRecord{10, "mx.example.com"}, facts::MxRecord{20, "mx2.example.com"}};
  mx.left_out = 1;
  mx.dnssec = facts::Dnssec::Bogus;
  mx.why_bogus = "signature expired";
  mx.took = ms(1502.5);
  mx.resolver = "192.0.2.54";
  mx.asked = {{"192.0.2.53", facts::LookupResult::Timeout}, {"192.0.2.55", facts::LookupResult::NxDomain}};
  facts::Lookup address;
  address.question = {"mx.example.com", facts::RecordType::A};
  address.result = facts::LookupResult::Ok;
  address.answer = {ip("203.0.113.9")};
  address.canonical = "real.example.com";
  address.took = ms(12.25);
  address.resolver = "192.0.2.54";
  return {.steps = {mx, address},
          .mx = facts::MxRecord{10, "mx.example.com"},
          .suggestion = "smtp.gmail.com",
          .notes = {"A note on names."}};
}

}  // namespace smtpath::report::samples
