#include "smtpath/report/run_status.h"

#include <algorithm>
#include <utility>

namespace smtpath::report {

namespace {

constexpr int kUsable = 0;
constexpr int kNotUsable = 1;
constexpr int kNotKnown = 2;
constexpr int kNoHost = 68;

// Of an analysis.
constexpr int kNothingFailed = 0;
constexpr int kFailed = 1;
constexpr int kNoMail = 2;

static_assert(verdict::kOutcomes.size() == static_cast<std::size_t>(verdict::Outcome::Partial) + 1);
static_assert(kVerdictsBestFirst.size() == static_cast<std::size_t>(verdict::Kind::Inconclusive) + 1);

auto badness_of(verdict::Kind kind) {
  return std::find(kVerdictsBestFirst.begin(), kVerdictsBestFirst.end(), kind);
}

bool is_unresolved(const TargetReport& target) {
  if (!target.error) return false;
  switch (target.error->kind) {
    case facts::TargetErrorKind::UnknownHost:
    case facts::TargetErrorKind::NoAddress:
    case facts::TargetErrorKind::ResolverFailure:
      return true;
    case facts::TargetErrorKind::NotUnicast:
    case facts::TargetErrorKind::NoRoute:
      return false;
  }
  return false;
}

/// Whether a subject is open and mail fails there all the same.
bool has_useless_port(const TargetReport& target) {
  return std::any_of(target.ports.begin(), target.ports.end(), [](const PortReport& port) {
    const bool is_asked = port.role == path::Role::Subject && port.mail;
    return is_asked && port.mail->verdict.outcome != verdict::Outcome::Unfinished &&
           !verdict::is_usable(port.mail->verdict.outcome, port.port);
  });
}

int status_of(const TargetReport& target) {
  if (target.error && target.error->kind == facts::TargetErrorKind::NoRoute) return kNotUsable;
  const auto worst = worst_verdict_of(target);
  if (!worst || worst == verdict::Kind::Inconclusive) return kNotKnown;
  return worst == verdict::Kind::Open && !has_useless_port(target) ? kUsable : kNotUsable;
}

std::vector<IpAddress> routers_of(const PortReport& port) {
  std::vector<IpAddress> routers;
  for (const HopReport& hop : port.hops) {
    for (const ReplyReport& reply : hop.replies) {
      if (reply.kind == path::ReplyKind::TimeExceeded) routers.push_back(reply.from);
    }
  }
  return routers;
}

verdict::JudgedTarget judged(const TargetReport& target) {
  verdict::JudgedTarget judged{.address = *target.address, .distance = target.distance, .ports = {}};
  for (const PortReport& port : target.ports) {
    judged.ports.push_back({.port = port.port,
                            .is_control = port.role != path::Role::Subject,
                            .verdict = port.verdict,
                            .routers = routers_of(port)});
  }
  return judged;
}

}  // namespace

std::optional<verdict::Kind> worst_verdict_of(const TargetReport& target) {
  std::optional<verdict::Kind> worst;
  for (const PortReport& port : target.ports) {
    if (port.role != path::Role::Subject) continue;
    if (!worst || badness_of(port.verdict.kind) > badness_of(*worst)) worst = port.verdict.kind;
  }
  return worst;
}

void RunTally::begin_run() {
  common_ = common_blocks();
  uncounted_ = uncounted();
  blocks_ = {};
}

std::vector<verdict::CommonBlock> RunTally::common_blocks() const {
  std::vector<verdict::CommonBlock> all = common_;
  for (verdict::CommonBlock& block : blocks_.found()) all.push_back(std::move(block));
  return all;
}

void RunTally::add(const TargetReport& target) {
  if (target.address) blocks_.add(judged(target));
  ++targets_;
  ++counts_[worst_verdict_of(target)];
  has_resolved_ = has_resolved_ || !is_unresolved(target);
  const int status = status_of(target);
  has_unusable_ = has_unusable_ || status == kNotUsable;
  has_unknown_ = has_unknown_ || status == kNotKnown;
}

std::size_t RunTally::count(std::optional<verdict::Kind> worst) const {
  const auto found = counts_.find(worst);
  return found == counts_.end() ? 0 : found->second;
}

int RunTally::exit_status() const {
  if (!has_resolved_) return kNoHost;
  if (has_unusable_) return kNotUsable;
  return has_unknown_ ? kNotKnown : kUsable;
}

void ConnectionTally::add(const ConnectionReport& connection) {
  ++connections_;
  if (connection.verdict.has_failed) ++failures_;
  ++counts_.at(static_cast<std::size_t>(connection.verdict.outcome));
}

void ConnectionTally::add(const ConnectionTally& others) {
  connections_ += others.connections_;
  failures_ += others.failures_;
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_.at(i) += others.counts_.at(i);
}

int analysis_status(const ConnectionTally& connections, const RunTally& targets) {
  if (connections.failures() > 0 || targets.exit_status() == kNotUsable) return kFailed;
  return connections.connections() > 0 || targets.targets() > 0 ? kNothingFailed : kNoMail;
}

}  // namespace smtpath::report
